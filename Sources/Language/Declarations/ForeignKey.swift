import Diagnostics

/// A key of another tool that people paste: explained and passed over where it means nothing here, refused by
/// name where it would change the numbers.
package struct ForeignKey: Sendable, Hashable {
    package var name: String
    /// Why it means nothing here, or what there is in its place; a sentence without a final stop.
    package var reason: String
    /// The values that ask for what is done here anyway; nil passes over any.
    package var accepted: [String]?
    /// A parameter that says something else than some of its values do.
    package var opposite: Opposite?

    package struct Opposite: Sendable, Hashable {
        package let parameter: String
        package let values: [String]
    }

    package init(
        _ name: String, _ reason: String, accepted: [String]? = nil, opposite: Opposite? = nil
    ) {
        self.name = name
        self.reason = reason
        self.accepted = accepted
        self.opposite = opposite
    }

    /// The same, refused with some of its values beside a parameter that says something else.
    package func contradicting(_ parameter: String, as values: String...) -> ForeignKey {
        ForeignKey(name, reason, accepted: accepted, opposite: Opposite(parameter: parameter, values: values))
    }

    /// Keys that mean nothing here for one reason.
    package static func passedOver(_ reason: String, _ names: String...) -> [ForeignKey] {
        names.map { ForeignKey($0, reason) }
    }

    /// What is said when it is passed over.
    ///
    /// - `value`: as written; nil when it holds a variable that is not known yet, which is not looked at.
    /// - Throws: `unsupported-key` when the value asks for something else than is done.
    func note(value: String?, at span: SourceSpan) throws -> String {
        guard let accepted, let value, !accepted.contains(where: { Self.isSame($0, value) }) else {
            return "\(name) is passed over: \(reason)"
        }
        let only = accepted.filter { !["none", "null", "", "{}"].contains($0) }.first
        throw Diagnostic(
            "unsupported-key", "\(name)=\(value) is not supported: \(reason)", at: span,
            hint: "leave \(name) out" + (only.map { ", which is as \(name)=\($0)" } ?? ""))
    }

    /// - `key`, `parameter`: what was written for a parameter, and its name.
    /// - Throws: `two-values` when both are written and say different things.
    func check(_ value: String, beside key: String, of parameter: String, at span: SourceSpan) throws {
        guard opposite?.parameter == parameter, opposite?.values.contains(value.lowercased()) == true else {
            return
        }
        throw Diagnostic(
            "two-values", "\(name)=\(value) and \(key)= say different things: \(reason)", at: span,
            hint: "leave one of them out")
    }

    private static func isSame(_ accepted: String, _ value: String) -> Bool {
        if accepted == value.lowercased() { return true }
        guard let number = parsedNumber(accepted) else { return false }
        return parsedNumber(value) == number
    }
}
