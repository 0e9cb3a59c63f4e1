import Display
import JSON
import Training

/// Answers to the same few texts, validation after validation.
struct SamplesTable {
    /// Each with its epoch, as it is said; never empty.
    private let validations: [(epoch: String, samples: [SampleAnswer])]

    /// Validations before the newest that have a column, the last ones.
    private static let mostEarlier = 3

    /// - `lines`: of one run, whose texts are the same in all of them.
    /// - Returns: nil where no answers were kept.
    init?(_ lines: [EpochTable.Line]) {
        validations = lines.filter { !$0.samples.isEmpty }.map { ($0.epochText, $0.samples) }
        if validations.isEmpty { return nil }
    }

    /// The newest answers, and those before them.
    var tables: [Table] {
        let count = validations.last?.samples.count ?? 0
        let texts = count == 1 ? "one validation text" : "\(count) validation texts"
        let newest = table(of: validations.suffix(1), caption: "Answers to \(texts)")
        let earlier = validations.dropLast().suffix(Self.mostEarlier)
        return [newest] + (earlier.isEmpty ? [] : [table(of: earlier, caption: "Earlier answers")])
    }

    private func table(
        of shown: ArraySlice<(epoch: String, samples: [SampleAnswer])>, caption: String
    ) -> Table {
        var table = Table(
            columns: [Table.Column("text", widthLimit: 40), Table.Column("true", widthLimit: 14)]
                + shown.map { Table.Column("epoch \($0.epoch)", widthLimit: 20) }, caption: caption)
        for (place, sample) in (shown.last?.samples ?? []).enumerated() {
            let answers = shown.map { validation -> Table.Cell in
                guard validation.samples.indices.contains(place) else { return .absent }
                let answer = validation.samples[place]
                return .text("\(answer.answer) \(NumberStyle.percent(0).text(answer.probability))")
            }
            table.add([.text(sample.text.onOneLine), .text(sample.truth)] + answers)
        }
        return table
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
