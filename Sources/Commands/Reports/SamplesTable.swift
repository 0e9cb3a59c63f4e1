import Display
import JSON
import Training

/// Answers to the same few texts, validation after validation.
struct SamplesTable {
    let table: Table

    /// Validations that have a column, the last ones.
    private static let mostShown = 3

    /// - `validations`: each with its epoch, as it is said.
    /// - Returns: nil where no answers were kept.
    init?(_ validations: [(epoch: String, samples: [SampleAnswer])]) {
        let judged = validations.filter { !$0.samples.isEmpty }
        guard let first = judged.first?.samples else { return nil }
        let shown = judged.suffix(Self.mostShown)
        var table = Table(
            columns: [Table.Column("text", widthLimit: 40), Table.Column("true", widthLimit: 14)]
                + shown.map { Table.Column("epoch \($0.epoch)", widthLimit: 20) },
            caption:
                "Answers to \(first.count == 1 ? "one validation text" : "\(first.count) validation texts")")
        for (place, sample) in first.enumerated() {
            let answers = shown.map { validation -> Table.Cell in
                guard validation.samples.indices.contains(place) else { return .absent }
                let answer = validation.samples[place]
                return .text("\(answer.answer) \(NumberStyle.percent(0).text(answer.probability))")
            }
            table.add([.text(sample.text.onOneLine), .text(sample.truth)] + answers)
        }
        self.table = table
    }
}

extension SampleAnswer {
    var json: JSON {
        [
            "row": .integer(index), "text": .string(text), "true": .string(truth),
            "answer": .string(answer), "probability": .number(probability),
        ]
    }
}
