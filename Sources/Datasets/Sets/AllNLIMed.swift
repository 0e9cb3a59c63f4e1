/// Pairs of general and medical sentences with entailment, neutral or contradiction (presencesw/all_nli_med on the hub).
struct AllNLIMed: DatasetSource {
    let name = "all_nli_med"
    let summary =
        "medical sentence pairs with entailment, neutral or contradiction, from path=FOLDER (the hub's copy)"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        try EntailmentRows.read(for: request, of: self, in: context)
    }
}
