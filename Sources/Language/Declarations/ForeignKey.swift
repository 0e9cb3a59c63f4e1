import Diagnostics

/// A key of another tool that people paste: explained and passed over where it means nothing here, refused by
/// name where it would change the numbers.
package struct ForeignKey: Sendable, Hashable {
    package var name: String
    /// Why it means nothing here, or what there is in its place; a sentence without a final stop.
    package var reason: String
    /// The values that ask for what is done here anyway; nil passes over any.
    package var accepted: [String]?

    package init(_ name: String, _ reason: String, accepted: [String]? = nil) {
        self.name = name
        self.reason = reason
        self.accepted = accepted
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

    private static func isSame(_ accepted: String, _ value: String) -> Bool {
        if accepted == value.lowercased() { return true }
        guard let number = parsedNumber(accepted) else { return false }
        return parsedNumber(value) == number
    }
}
