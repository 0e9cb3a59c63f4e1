/// What went wrong, where, and what to try: the one error that a person ever sees.
///
///     throw Diagnostic("no-dataset", "there is no data set \(name)", at: span, hint: "…")
package struct Diagnostic: Error, Sendable, Hashable {
    /// A stable name in kebab-case, for tests and for machines (`unknown-verb`).
    package var code: String
    /// What was found and what was expected, one sentence without a final stop.
    package var message: String
    /// The place in the cell's source, when the mistake has one.
    package var span: SourceSpan?
    /// The setting that it is about, where whoever found it knows no place: whoever read the setting does.
    package var setting: String?
    /// What to try next, one sentence.
    package var hint: String?

    package init(
        _ code: String, _ message: String, at span: SourceSpan? = nil, about setting: String? = nil,
        hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.span = span
        self.setting = setting
        self.hint = hint
    }

    /// The same diagnostic with a place, unless it already has one.
    package func located(at span: SourceSpan?) -> Diagnostic {
        var copy = self
        copy.span = copy.span ?? span
        return copy
    }
}

extension Diagnostic: CustomStringConvertible {
    package var description: String {
        hint.map { "\(message); \($0)" } ?? message
    }
}

/// A half-open range of Unicode scalars in a cell's source, counted from 0.
package struct SourceSpan: Sendable, Hashable {
    package var start: Int
    package var end: Int

    package init(_ start: Int, _ end: Int) {
        self.start = start
        self.end = end
    }
}
