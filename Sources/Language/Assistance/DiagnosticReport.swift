import Diagnostics
import Display

/// A diagnostic as a person reads it: the statement, the word underlined, what to try.
///
///     line 2  train epocs=2 lr=5e-4
///                   ^^^^^
///     train has no parameter epocs
///     → did you mean epochs?
package struct DiagnosticReport: Sendable {
    package var diagnostic: Diagnostic
    /// The line that the place is in, or what stands around it in a long one; nil without a place.
    private var line: (number: Int, text: String, before: String, marked: String)?

    /// Scalars of a line that are shown, so that it fits into 80 columns with its number; of a longer one an excerpt.
    private static let longest = 68
    /// How many of them stand before the place in an excerpt.
    private static let before = 24

    /// - `source`: the cell that the diagnostic's span counts in.
    package init(_ diagnostic: Diagnostic, in source: String) {
        self.diagnostic = diagnostic
        guard let span = diagnostic.span else { return }
        let scalars = Array(source.unicodeScalars)
        let start = max(0, min(span.start, scalars.count))
        let lineStart = (scalars[..<start].lastIndex(of: "\n") ?? -1) + 1
        let lineEnd = scalars[start...].firstIndex(of: "\n") ?? scalars.count
        let isLong = lineEnd - lineStart > Self.longest
        let first = isLong ? max(lineStart, min(start - Self.before, lineEnd - Self.longest)) : lineStart
        let last = isLong ? min(lineEnd, first + Self.longest) : lineEnd
        let end = max(start, min(span.end, last))
        func text(_ range: Range<Int>) -> String {
            String(String.UnicodeScalarView(scalars[range])).withoutControls
        }
        let (cutBefore, cutAfter) = (first > lineStart ? "…" : "", last < lineEnd ? "…" : "")
        let number = scalars[..<start].count { $0 == "\n" } + 1
        line = (
            number, cutBefore + text(first..<last) + cutAfter, cutBefore + text(first..<start),
            text(start..<end)
        )
    }

    /// - `colored`: with ANSI colours, as Jupyter and terminals show them; words are bold and never red, which cannot
    ///   be read on the ground that a dark page puts under errors.
    /// - `columns`: in which sentences go on in the next line.
    package func lines(colored: Bool = false, columns: Int = .max) -> [String] {
        func style(_ code: Int) -> String { colored ? "\u{1B}[\(code)m" : "" }
        let (red, bold, faint, plain) = (style(31), style(1), style(2), style(0))
        var lines: [String] = []
        if let line {
            let label = "line \(line.number)  "
            let indent = String(repeating: " ", count: (label + line.before).displayWidth)
            lines.append("\(faint)\(label)\(plain)\(line.text)")
            let carets = String(repeating: "^", count: max(1, line.marked.displayWidth))
            lines.append("\(indent)\(red)\(carets)\(plain)")
        }
        lines.append("\(bold)\(diagnostic.message.withoutControls.wrapped(to: columns))\(plain)")
        if let hint = diagnostic.hint { lines.append("→ \(hint.withoutControls)".wrapped(to: columns)) }
        return lines
    }
}
