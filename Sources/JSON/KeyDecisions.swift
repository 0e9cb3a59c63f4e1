import Diagnostics

/// What is done about a key of a file whose format somebody else defines.
package enum KeyDecision: Sendable {
    /// Acted on, whatever its value; a value that is not supported is refused where it is read.
    case used
    /// Changes no number here; the reason says why.
    case harmless(String)
    /// Nothing has to be done while it has one of these values (or is null); any other is refused.
    case only([JSON], String)
    /// Not supported, unless it is null, false or empty; the text says what is.
    case refused(String)
}

/// The decisions on every key of one kind of file: nothing is read and ignored.
package struct KeyDecisions: Sendable {
    /// What the file is called in messages: `config.json`.
    package let file: String
    package let decisions: [String: KeyDecision]
    /// Decisions on all keys that begin so, where a key has none of its own.
    private let beginnings: [String: KeyDecision]
    /// Keys that nobody can go on without: their file means nothing else.
    private let binding: Set<String>

    package init(
        _ file: String, _ decisions: [String: KeyDecision], beginning: [String: KeyDecision] = [:],
        binding: Set<String> = []
    ) {
        self.file = file
        self.decisions = decisions
        beginnings = beginning
        self.binding = binding
    }

    /// The same file with more keys; a decision given here takes the place of an earlier one.
    package func with(_ more: [String: KeyDecision]) -> KeyDecisions {
        KeyDecisions(file, decisions.merging(more) { $1 }, beginning: beginnings, binding: binding)
    }

    /// nil for a key that is not known; the longest beginning decides where several fit.
    package func decision(on key: String) -> KeyDecision? {
        decisions[key]
            ?? beginnings.filter { key.hasPrefix($0.key) }.max { $0.key.utf8.count < $1.key.utf8.count }?
            .value
    }

    /// Looks at every key of an object.
    ///
    /// - `ignored`: keys that the person goes on without.
    /// - `place`: where the object stands in the file, for messages: `rope_scaling.`.
    /// - Throws: `unsupported-key` naming every key that is not known, or whose value is not supported.
    package func check(_ json: JSON, ignoring ignored: Set<String> = [], at place: String = "") throws {
        var problems: [(key: String, what: String)] = []
        for (key, value) in json.object ?? [:] where !isIgnored(key, at: place, ignored) {
            if let what = problem(with: value, of: key) { problems.append((place + key, what)) }
        }
        guard let first = problems.first else { return }
        let others = problems.dropFirst().prefix(8).map { "\($0.key.prefix(60)) \($0.what)" }
        let rest = problems.count > 9 ? ["and \(problems.count - 9) more"] : []
        throw Diagnostic(
            "unsupported-key",
            (["\(file): \(first.key.prefix(60)) \(first.what)"] + others + rest).joined(separator: "; "),
            hint: hint(for: problems.map(\.key), at: place))
    }

    /// The object without what the person goes on without, so that defaults take its place.
    package func without(_ ignored: Set<String>, _ json: JSON, at place: String = "") -> JSON {
        guard !ignored.isEmpty, let object = json.object else { return json }
        return .object(JSONObject(object.filter { !isIgnored($0.key, at: place, ignored) }.map { ($0, $1) }))
    }

    private func isIgnored(_ key: String, at place: String, _ ignored: Set<String>) -> Bool {
        !binding.contains(key) && (ignored.contains(place + key) || ignored.contains(key))
    }

    private func hint(for keys: [String], at place: String) -> String? {
        guard !keys.contains(where: { binding.contains(String($0.dropFirst(place.count))) })
        else { return nil }
        return Self.hint(ignoring: keys)
    }

    /// How to go on without some keys.
    ///
    /// - `what`: what that does, where it is not simply to go on without them.
    /// - Returns: nil for more than anybody would write.
    package static func hint(ignoring keys: [String], _ what: String? = nil) -> String? {
        let named = keys.joined(separator: ",")
        guard named.utf8.count < 400 else { return nil }
        let done = what ?? "goes on without \(keys.count == 1 ? "it" : "them")"
        return "ignore=\(named) \(done); results may then differ from the reference's"
    }

    private func problem(with value: JSON, of key: String) -> String? {
        guard let decision = decision(on: key) else { return "is not known here" }
        switch decision {
        case .used, .harmless: return nil
        case .only(let values, let supported):
            return value.isNull || values.contains { $0.isSame(as: value) }
                ? nil : "is \(value.text().prefix(60)), which is not supported: \(supported)"
        case .refused(let supported):
            return value.saysNothing
                ? nil : "is \(value.text().prefix(60)), which is not supported: \(supported)"
        }
    }
}

extension JSON {
    /// null, false, or an empty text, list or object.
    fileprivate var saysNothing: Bool {
        switch self {
        case .null, .bool(false): true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// Equal, where 1 and 1.0 are the same number.
    fileprivate func isSame(as other: JSON) -> Bool {
        self == other || (number != nil && number == other.number)
    }
}
