/// Stories with a title and a summary (Kim et al. 2019), either of which is to be written.
struct RedditTIFU: DatasetSource {
    let name = "reddit_tifu"
    let summary =
        "stories from path=FILE, for which a title is to be written, or with answer=tldr a summary"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        var rows = try TableFile().rows(at: try requiredPath(request), in: context)
        let renamed = ["selftext": "document", "documents": "document", "ups": "ups"]
        rows.columns = rows.columns.map { renamed[$0] ?? $0 }
        let text = ["document", "title"].first(where: rows.columns.contains)
        rows.roles = Rows.Roles(text: text, mayHaveLabel: false)
        if text == "document", rows.columns.contains("title") { rows.roles[.answer] = "title" }
        if let index = text.flatMap(rows.index) {
            let gone = rows.keep { row, _ in !["[deleted]", "[removed]"].contains(row[index]) }
            if gone > 0 { rows.notes.append("\(counted(gone)) deleted by their authors dropped") }
        }
        return rows
    }
}
