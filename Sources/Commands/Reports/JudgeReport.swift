import Datasets
import Diagnostics
import Display
import JSON
import Training

/// What judges say of answers, each by itself: their means, what was dropped, and how far two judges agree.
struct JudgeReport: Displayable {
    private let ratings: [Ratings]
    /// By judge; nil where nothing was rated.
    private let means: [Metrics.Figure?]
    private let name: String
    private let place: String
    private let answers: [JudgedAnswer]
    private let said: [String]

    /// - Throws: `Interrupted`.
    init(
        _ ratings: [Ratings], of name: String, place: String, _ answers: [JudgedAnswer], notes: [String],
        seed: UInt64, interruption: Interruption
    ) throws {
        (self.ratings, self.name, self.place) = (ratings, name, place)
        (self.answers, said) = (answers, notes)
        means = try ratings.map { try $0.mean(seed: seed, interruption: interruption) }
    }

    private var correlation: Correlation? {
        ratings.count == 2 ? Correlation(ratings[0].scores, ratings[1].scores) : nil
    }

    var value: JSON {
        let judges = zip(ratings, means).map { ratings, mean -> JSON in
            var value: JSONObject = [
                "judge": .string(ratings.judge), "rated": .integer(ratings.rated.count),
                "dropped": .integer(ratings.dropped), "mean": mean.map { .number($0.value) } ?? .null,
                "ratings": .array(ratings.scores.map { $0.map(JSON.number) ?? .null }),
            ]
            value["interval"] = mean?.interval.map { [.number($0.lowerBound), .number($0.upperBound)] }
            return .object(value)
        }
        var value: JSONObject = [
            "of": .string(name), "answers": .integer(answers.count), "judges": .array(judges),
        ]
        if let correlation {
            value["correlation"] = [
                "pearson": .number(correlation.pearson), "spearman": .number(correlation.spearman),
                "n": .integer(correlation.count),
            ]
        }
        return .object(value)
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        var table = Table(
            columns: [
                Table.Column("judge", widthLimit: 30), .number("mean rating", .fixed(1)),
                Table.Column("95%", key: "interval", alignment: .trailing), .number("answers", .automatic),
                .number("dropped", .automatic),
            ],
            caption: "\(name), rated from 0 to 100 · \(place)".onOneLine, notes: notes)
        table.warnings = zip(ratings, means).filter { $1 == nil }.map { ratings, _ in
            "\(ratings.judge) gave no answer a rating that could be read"
        }
        for (ratings, mean) in zip(ratings, means) {
            table.add([
                .text(ratings.judge), mean.map { .number($0.value) } ?? .absent,
                .text(mean?.interval.map { NumberStyle.fixed(1).range($0) } ?? ""),
                .integer(ratings.rated.count), .integer(ratings.dropped),
            ])
        }
        return table
    }

    private var notes: [String] {
        var notes = said
        if let correlation {
            let style = NumberStyle.fixed(3)
            notes.append(
                "the two on \(counted(correlation.count, "answer")): correlation \(style.text(correlation.pearson)), of ranks \(style.text(correlation.spearman))"
            )
        }
        if means.contains(where: { $0?.interval != nil }) {
            notes.append("95%: a bootstrap over the answers")
        }
        return notes + examples
    }

    /// The answers that the first judge liked most and least.
    private var examples: [String] {
        let scores = ratings.first?.scores ?? []
        let rated = scores.indices.filter { scores[$0] != nil }
            .sorted { (scores[$1] ?? 0, $0) < (scores[$0] ?? 0, $1) }
        guard rated.count > 1, let best = rated.first, let worst = rated.last else { return [] }
        return [("highest", best), ("lowest", worst)].map { word, place in
            "\(word), \(NumberStyle.fixed(1).text(scores[place] ?? 0)): “\(answers[place].hypothesis.onOneLine.clipped(to: 80))”"
        }
    }
}

extension NumberStyle {
    /// `41.5–58.0`
    func range(_ interval: ClosedRange<Double>) -> String {
        "\(text(interval.lowerBound))–\(text(interval.upperBound))"
    }
}
