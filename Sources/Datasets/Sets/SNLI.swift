/// Sentence pairs with entailment, neutral or contradiction (Bowman et al. 2015); those on which the annotators did not agree
/// have the class `-` and are left out.
struct SNLI: DatasetSource {
    let name = "snli"
    let summary =
        "sentence pairs with entailment, neutral or contradiction, from path=FILE or FOLDER (SNLI, MultiNLI)"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        try EntailmentRows.read(for: request, of: self, in: context)
    }
}
