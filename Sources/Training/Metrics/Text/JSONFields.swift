import JSON

/// How well answers that are JSON objects agree with their references field by field: attribute extraction.
///
/// An answer counts as an object where the whole of it is one, white space around it left aside. Values agree where they
/// are the same value, texts without the white space at their ends; 2 and 2.0 are one number.
package struct JSONFields: MeanTextMetric {
    package enum Kind: Sendable, Hashable {
        /// The share of answers that are objects.
        case valid
        /// The share of answers with every field of the reference right and none besides.
        case all
        /// The mean over answers of the share of the reference's fields that are right.
        case share
        /// The share of answers in which one field, where the reference has it, is right.
        case field(String)
    }

    package let name: String
    package let title: String
    private let kind: Kind

    package init(_ kind: Kind) {
        self.kind = kind
        (name, title) =
            switch kind {
            case .valid: ("json_valid", "valid JSON objects")
            case .all: ("json_all_fields", "all fields right")
            case .share: ("json_fields", "fields right")
            case .field(let field): ("json_field.\(field)", "\(field) right")
            }
    }

    /// All of them, with one for each field that any reference has, by name.
    package static func all(for references: [[String]]) -> [JSONFields] {
        [Kind.valid, .all, .share].map { JSONFields($0) }
            + fields(of: Array(references.joined())).map { JSONFields(.field($0)) }
    }

    private static func fields(of references: [String]) -> [String] {
        Set(references.flatMap { object($0)?.keys ?? [] }).sorted()
    }

    /// With a metric for each field, where it is the share of them.
    package func parts(of references: [String]) -> [any TextMetric] {
        kind == .share ? [self] + Self.fields(of: references).map { JSONFields(.field($0)) } : [self]
    }

    package func counts(_ text: String, references: [String]) -> [Double] {
        let told = references.filter { reference in
            guard case .field(let field) = kind else { return true }
            return Self.object(reference)?[field] != nil
        }
        // A text of whose references none has the field says nothing about it.
        guard !told.isEmpty else { return [0, 0] }
        return [told.map { worth(text, $0) }.max() ?? 0, 1]
    }

    package func worth(_ text: String, _ reference: String) -> Double {
        guard let answer = Self.object(text) else { return 0 }
        if kind == .valid { return 1 }
        guard let known = Self.object(reference) else { return 0 }
        func isRight(_ field: String) -> Bool {
            guard let value = known[field], let found = answer[field] else { return false }
            return Self.plain(found) == Self.plain(value)
        }
        switch kind {
        case .valid: return 1
        case .field(let field): return isRight(field) ? 1 : 0
        case .all: return answer.count == known.count && known.keys.allSatisfy(isRight) ? 1 : 0
        case .share:
            return known.isEmpty
                ? (answer.isEmpty ? 1 : 0) : Double(known.keys.count(where: isRight)) / Double(known.count)
        }
    }

    private static func object(_ text: String) -> JSONObject? { (try? JSON(parsing: text))?.object }

    /// A value as it is compared; objects by their fields in whatever order.
    private static func plain(_ value: JSON) -> JSON {
        switch value {
        case .string(let text):
            let all = Scalars(text).drop(while: \.isPythonSpace)
            return .string(Scalars(all).withoutSpaceAtEnd.string)
        case .integer(let number): return .number(Double(number))
        case .array(let items): return .array(items.map(plain))
        case .object(let object):
            return .object(
                JSONObject(object.keys.sorted().map { ($0, plain(object[$0] ?? .null)) }))
        case .null, .bool, .number: return value
        }
    }
}
