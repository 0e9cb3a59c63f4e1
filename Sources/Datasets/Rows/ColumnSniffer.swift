import Diagnostics

/// Finds out which column holds what: by the request, then by the source, then by name and content.
struct ColumnSniffer {
    let rows: Rows
    let request: DatasetRequest

    private static let textNames = [
        "text", "sentence", "review", "content", "message", "sms", "premise", "sentence1", "question1",
        "document", "body", "comment", "tweet", "question", "instruction", "prompt", "abstract", "selftext",
        "summary", "title", "v2",
    ]
    private static let pairNames = [
        "pair", "hypothesis", "sentence2", "question2", "text_pair", "text2", "second", "sentence_b",
    ]
    private static let labelNames = [
        "label", "labels", "class", "category", "sentiment", "target", "gold_label", "polarity", "label_text",
        "is_spam", "y", "v1", "rating", "stars",
    ]
    static let splitNames = ["split", "fold", "subset", "partition", "set", "semeval_set"]

    /// The columns of `roles`, checked to be there.
    func roles() throws -> Rows.Roles {
        var roles = rows.roles
        roles.text = try given(request.textColumn, "text") ?? roles.text
        roles.pair = try given(request.pairColumn, "pair") ?? roles.pair
        roles.label = try given(request.labelColumn, "label") ?? roles.label
        if roles.pair == nil, request.textColumn == nil, rows.roles.text == nil {
            roles.pair = named(Self.pairNames, except: [roles.text, roles.label])
        }
        if roles.label == nil, roles.mayHaveLabel {
            roles.label =
                named(Self.labelNames, except: [roles.text, roles.pair]).flatMap {
                    isClassLike($0) ? $0 : nil
                } ?? (request.textColumn == nil && rows.columns.count > 1 ? onlyClassLike(roles) : nil)
        }
        if roles.text == nil {
            let others = [roles.pair, roles.label]
            roles.text = named(Self.textNames, except: others) ?? longest(except: others)
        }
        guard roles.text != nil else { throw noText }
        return roles
    }

    private func given(_ column: String?, _ role: String) throws -> String? {
        guard let column else { return nil }
        if let exact = rows.columns.first(where: { $0 == column }) { return exact }
        if let folded = rows.columns.first(where: { $0.lowercased() == column.lowercased() }) {
            return folded
        }
        let near = closestName(to: column, among: rows.columns).map { "did you mean \(role)=\($0)?" }
        throw Diagnostic(
            "missing-column",
            "there is no column \(column) in \(rows.source); its columns are \(listed)",
            hint: near ?? "write \(role)= and one of them")
    }

    private func named(_ names: [String], except used: [String?]) -> String? {
        for name in names {
            if let column = rows.columns.first(where: { $0.lowercased() == name && !used.contains($0) }) {
                return column
            }
        }
        return nil
    }

    /// Few values, each of them many times.
    private func isClassLike(_ column: String) -> Bool {
        guard let index = rows.index(of: column) else { return false }
        let limit = max(2, min(200, rows.values.count / 2))
        var seen: Set<String> = []
        for row in rows.values {
            seen.insert(row[index])
            if seen.count > limit { return false }
        }
        return true
    }

    private func onlyClassLike(_ roles: Rows.Roles) -> String? {
        let candidates = rows.columns.filter { column in
            column != roles.text && column != roles.pair
                && !Self.splitNames.contains(column.lowercased())
                && !Self.textNames.contains(column.lowercased()) && meanLength(column) < 40
                && distinctValues(column, upTo: 21) <= min(20, rows.values.count / 2)
        }
        return candidates.count == 1 ? candidates[0] : nil
    }

    private func distinctValues(_ column: String, upTo limit: Int) -> Int {
        guard let index = rows.index(of: column) else { return limit }
        var seen: Set<String> = []
        for row in rows.values {
            seen.insert(row[index])
            if seen.count >= limit { break }
        }
        return seen.count
    }

    private func meanLength(_ column: String) -> Double {
        guard let index = rows.index(of: column), !rows.values.isEmpty else { return 0 }
        let sample = rows.values.prefix(500)
        return Double(sample.reduce(0) { $0 + $1[index].utf8.count }) / Double(sample.count)
    }

    /// The column of the longest texts, when they look like texts at all.
    private func longest(except used: [String?]) -> String? {
        let candidates = rows.columns.filter {
            !used.contains($0) && !Self.splitNames.contains($0.lowercased())
        }
        let best = candidates.max { meanLength($0) < meanLength($1) }
        return best.flatMap { meanLength($0) >= 8 || candidates.count == 1 ? $0 : nil }
    }

    private var listed: String {
        rows.columns.isEmpty ? "none" : rows.columns.map { "'\($0)'" }.joined(separator: ", ")
    }

    private var noText: Diagnostic {
        Diagnostic(
            "missing-column",
            "no column of \(rows.source) looks like the text to learn from; its columns are \(listed), "
                + "expected one named text, sentence or review",
            hint: "say which: load \(request.name) path=FILE text=COLUMN label=COLUMN")
    }
}
