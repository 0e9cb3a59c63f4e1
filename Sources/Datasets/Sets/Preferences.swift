import Diagnostics

/// Pairs of answers, one liked more: `{prompt, chosen, rejected}`, or dialogues that share a beginning.
struct Preferences: DatasetSource {
    let name: String
    let summary: String
    let needsPath = true

    /// Any file of such pairs.
    static let anyFile = Preferences(
        name: "preferences",
        summary:
            "pairs of answers from path=FILE: columns chosen and rejected, with prompt or a shared beginning")

    /// Dialogues with two last answers, of which people liked one (Bai et al. 2022).
    static let helpfulHarmless = Preferences(
        name: "hh_rlhf",
        summary: "dialogues with two last answers, of which people liked one, from path=FILE (Anthropic's HH)"
    )

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        let rows = try TableFile().rows(at: try requiredPath(request), in: context)
        let missing = ["chosen", "rejected"].filter { name in
            !rows.columns.contains { $0.lowercased() == name }
        }
        guard missing.isEmpty || request.answerColumn != nil || request.rejectedColumn != nil else {
            throw Diagnostic(
                "missing-column",
                "\(rows.source) has the columns \(rows.columns.joined(separator: ", ")), expected chosen and rejected",
                hint: "name a file of preference pairs, or its columns: answer= and rejected=")
        }
        return rows
    }
}
