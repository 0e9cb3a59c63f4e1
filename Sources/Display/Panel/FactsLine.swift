/// How far long work has come, on one line: a percentage and the time left, then facts, the last dropped first.
package struct FactsLine: Sendable, Hashable {
    /// Large: `43%`, `Done`.
    package var headline: String
    /// Never dropped: `26 s left`.
    package var detail: String
    package var facts: [Fact]

    package struct Fact: Sendable, Hashable {
        package var name: String
        package var text: String
        /// In a line of plain text; the name and the text unless given.
        package var plain: String

        package init(_ name: String, _ text: String, plain: String? = nil) {
            (self.name, self.text) = (name, text)
            self.plain = plain ?? "\(name) \(text)"
        }
    }

    package init(headline: String, detail: String = "", facts: [Fact] = []) {
        (self.headline, self.detail, self.facts) = (headline, detail, facts)
    }

    /// In so many columns: whole words, as many facts as fit, the bar only beside the time left.
    ///
    /// Percentage and time left stay however narrow it is.
    package func plain(columns: Int, bar: ProgressBar? = nil) -> String {
        func line(_ bar: String?, _ count: Int) -> String {
            let head = [headline, bar ?? "", detail].filter { !$0.isEmpty }.joined(separator: " ")
            return ([head] + facts.prefix(count).map(\.plain)).joined(separator: "  ").onOneLine
        }
        let drawn = bar.map { $0.plain(Self.barWidth) }
        for count in stride(from: facts.count, through: 0, by: -1) {
            let text = line(drawn, count)
            if text.displayWidth <= columns { return text }
        }
        return line(nil, 0)
    }

    private static let barWidth = 18

    /// A row one line high: what does not fit wraps out of sight.
    package var html: String {
        let shown = facts.map { fact in
            let name = fact.name.isEmpty ? "" : Markup.muted(fact.name + " ")
            return "<span style=\"white-space:nowrap\">\(name)\(Markup.strong(fact.text))</span>"
        }
        let parts = [
            headline.isEmpty
                ? ""
                : "<span style=\"white-space:nowrap;font-size:18px;font-weight:600;line-height:1.3\">"
                    + "\(headline.htmlEscaped)</span>",
            detail.isEmpty
                ? "" : "<span style=\"white-space:nowrap;font-size:14px\">\(detail.htmlEscaped)</span>",
            "<div style=\"display:flex;flex-wrap:wrap;justify-content:flex-end;gap:0 18px;height:19px;"
                + "overflow:hidden;flex:1;min-width:0;\(Markup.figures)\">\(shown.joined())</div>",
        ]
        return "<div style=\"display:flex;align-items:baseline;gap:0 14px\">\(parts.joined())</div>"
    }
}
