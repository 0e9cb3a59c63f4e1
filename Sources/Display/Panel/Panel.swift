import JSON

/// Long work from its beginning to its end in one display: bar, line of progress, what is to be known, table, curve.
///
/// The same order in every state. While it runs it has the forms of a page and of a line; then all of them.
package struct Panel: Displayable {
    package var state: ProgressView.State
    package var bar: ProgressBar
    package var line: FactsLine
    package var notes: [PanelNote] = []
    package var table: PanelTable?
    /// What unfolds below it, each under its caption; where nothing unfolds the first is whole, the others are left out.
    package var folded: [Table] = []
    package var chart: PanelChart?
    /// What is to be known of the figures.
    package var remarks: [PanelNote] = []
    /// The table as plain text has it, and as documents have it; not needed while it runs.
    package var tables: (plain: Table, other: Table)?
    /// Of plain text.
    package var columns = 80
    package var value = JSON.null
    package var isShown = false

    package init(state: ProgressView.State, bar: ProgressBar, line: FactsLine) {
        (self.state, self.bar, self.line) = (state, bar, line)
    }

    package func mimeBundle() -> MimeBundle {
        var data: JSONObject = [MimeType.html: .string(html)]
        if state != .running {
            data[MimeType.markdown] = .string(markdown)
            data[MimeType.latex] = .string(latex)
        }
        data[MimeType.plain] = .string(plain)
        return MimeBundle(data: data, sentences: state == .running ? 0 : remarks.count)
    }

    package var html: String {
        Markup.frame(
            [bar.html, line.html] + notes.map(\.html) + [table?.html ?? ""] + folded.map(unfolding)
                + remarks.map(\.html) + [chart?.html ?? ""], width: width)
    }

    /// CSS pixels: a table of many figures takes more, where the page has them.
    private var width: Int { 760 + 80 * min(6, max(0, (table?.columns.count ?? 0) - 7)) }

    private func unfolding(_ table: Table) -> String {
        var bare = table
        bare.caption = nil
        return Markup.folding(table.caption ?? "", around: bare.html)
    }

    /// While it runs one line; then all that there is to read.
    package var plain: String {
        guard state != .running else { return line.plain(columns: columns, bar: bar) }
        let head = ([line.plain(columns: columns)] + notes.map(\.plain)).map { $0.wrapped(to: columns) }
        let body = ([tables?.plain, folded.first].compactMap(\.self)).flatMap { ["", $0.plain] }
        return (head + body + remarks.map { "  \($0.plain)" }).joined(separator: "\n")
    }

    private func said(_ escaped: (String) -> String, _ bold: (String) -> String) -> [String] {
        let facts = line.facts.map { "\($0.name) \($0.text)" }
        let rest = ([line.detail] + facts).filter { !$0.isEmpty }.map(escaped).joined(separator: ", ")
        return ["\(bold(escaped(line.headline))) \(rest)"] + notes.map { escaped($0.plain) }
    }

    private var markdown: String {
        let blocks = said({ $0.onOneLine.markdownEscaped }, { "**\($0)**" })
        return
            (blocks + [tables?.other.markdown ?? "", folded.first?.markdown ?? ""]
            + remarks.map { "*\($0.plain.markdownEscaped)*" })
            .filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private var latex: String {
        let blocks = said({ $0.onOneLine.latexEscaped }, { #"\textbf{"# + $0 + "}" })
        let below = remarks.map { #"\emph{"# + $0.plain.latexEscaped + "}" }
        return (blocks + [tables?.other.latex ?? "", folded.first?.latex ?? ""] + below).filter {
            !$0.isEmpty
        }
        .joined(separator: "\n\n")
    }
}
