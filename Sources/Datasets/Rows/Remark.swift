/// A sentence about data to be shown: what was carved, cut, dropped, repaired or guessed.
///
/// A literal is one said in passing.
package struct Remark: Sendable, Hashable, ExpressibleByStringInterpolation {
    package let text: String
    /// Whether it may make figures mean something else than they seem to, so that it must not be read over.
    package let isWarning: Bool

    package init(_ text: String, isWarning: Bool = false) { (self.text, self.isWarning) = (text, isWarning) }

    package init(stringLiteral text: String) { self.init(text) }

    package static func warning(_ text: String) -> Remark { Remark(text, isWarning: true) }
}
