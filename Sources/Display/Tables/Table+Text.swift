extension Table {
    /// A pipe table (GitHub's Markdown).
    package var markdown: String {
        var blocks: [String] = []
        if let captionOfPage { blocks.append("**\(captionOfPage.markdownEscaped)**") }
        let rules = columns.indices.map { index in
            switch alignment(ofColumn: index) {
            case .leading: ":---"
            case .trailing: "---:"
            case .centre: ":---:"
            }
        }
        let head = columns.map { $0.title.onOneLine.markdownEscaped }
        let body = rows.map { row in zip(row, columns).map { $0.text(style: $1.style).markdownEscaped } }
        blocks.append(
            ([head, rules] + body).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n"))
        blocks += warnings.map { "**\($0.onOneLine.markdownEscaped)**" }
        blocks += (notes + origins).map { "*\($0.onOneLine.markdownEscaped)*" }
        return blocks.joined(separator: "\n\n")
    }

    /// The caption where two spaces, which set its parts apart in a terminal, become one.
    var captionOfPage: String? { caption?.onOneLine.replacing("  ", with: " · ") }
}
