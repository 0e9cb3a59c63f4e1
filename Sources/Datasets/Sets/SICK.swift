/// Sentence pairs with two judgements: does the second follow from the first, and how related are they, from 1 to 5
/// (Marelli et al. 2014).
struct SICK: DatasetSource {
    let name = "sick"
    let summary =
        "sentence pairs with entailment, neutral or contradiction, or value=relatedness, from path=FILE (SICK)"
    let needsPath = true

    /// What the published files call the score, and what it may be called here.
    private static let score = (published: "relatedness_score", short: "relatedness")

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        var rows = try EntailmentRows.read(for: request, of: self, in: context)
        if request.valueColumn?.lowercased() == Self.score.short,
            let index = rows.columns.firstIndex(where: { $0.lowercased() == Self.score.published })
        {
            rows.columns[index] = Self.score.short
        }
        return rows
    }
}
