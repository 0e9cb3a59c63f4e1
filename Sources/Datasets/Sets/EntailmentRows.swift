import Diagnostics

/// Rows of sentence pairs with what the first says of the second: it follows, it may be so or not, it cannot be so.
///
/// Columns and classes are found in the spellings of SICK, SNLI, MultiNLI and the hub's copies of them.
enum EntailmentRows {
    private static let firstNames = ["premise", "sentence1", "sentence_a"]
    private static let secondNames = ["hypothesis", "sentence2", "sentence_b"]
    private static let classNames = ["label", "gold_label", "entailment_label", "entailment_judgment"]
    private static let classes = ["entailment", "neutral", "contradiction"]
    /// Other words for the classes.
    private static let words = ["entail": "entailment", "contradict": "contradiction"]

    /// - Throws: `no-path`; `missing-column` without two texts; what reading brings up.
    static func read(
        for request: DatasetRequest, of source: any DatasetSource, in context: LoadContext
    ) throws -> Rows {
        var rows = try TableFile().rows(at: try source.requiredPath(request), in: context)
        func column(_ names: [String]) -> String? {
            names.lazy.compactMap { name in rows.columns.first { $0.lowercased() == name } }.first
        }
        let (first, second, label) = (column(firstNames), column(secondNames), column(classNames))
        guard first != nil || request.textColumn != nil, second != nil || request.pairColumn != nil else {
            throw Diagnostic(
                "missing-column",
                "\(rows.source) has the columns \(rows.columns.map(\.forMessages).joined(separator: ", ")), expected premise and hypothesis, or sentence1 and sentence2",
                hint: "name a file of sentence pairs, or its columns: text= and pair=")
        }
        rows.roles = Rows.Roles(
            text: first, pair: second, label: label, labels: classes,
            labelNames: Dictionary(
                uniqueKeysWithValues: classes.enumerated().map { ("\($0)", $1) }))
        if let index = label.flatMap(rows.index) {
            for row in rows.values.indices {
                let written = rows.values[row][index].lowercased()
                rows.values[row][index] = words[written] ?? written
            }
        }
        return rows
    }
}
