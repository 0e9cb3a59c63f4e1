/// Sentence pairs: does the second follow from the first, contradict it, neither (Marelli et al. 2014).
struct SICK: DatasetSource {
    let name = "sick"
    let summary =
        "sentence pairs with entailment, neutral or contradiction, from path=FILE (SICK, SNLI, MultiNLI)"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        var rows = try TableFile().rows(at: try requiredPath(request), in: context)
        func column(_ names: String...) -> String? {
            rows.columns.first { names.contains($0.lowercased()) }
        }
        let label = column("label", "gold_label", "entailment_label", "entailment_judgment")
        rows.roles = Rows.Roles(
            text: column("premise", "sentence1", "sentence_a"),
            pair: column("hypothesis", "sentence2", "sentence_b"), label: label,
            labels: ["entailment", "neutral", "contradiction"],
            labelNames: ["0": "entailment", "1": "neutral", "2": "contradiction"])
        if let index = label.flatMap(rows.index) {
            for row in rows.values.indices { rows.values[row][index] = rows.values[row][index].lowercased() }
        }
        return rows
    }
}
