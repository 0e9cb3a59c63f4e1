import Datasets
import Display
import JSON
import Training

/// Texts with the numbers that a model gave them and those that are known: the farthest apart first, or the nearest.
struct ErrorsReport: Displayable {
    private let order: MistakesReport.Order
    private let place: String
    private let count: Int
    private let rows: [(value: JudgedValue, example: Example)]

    /// - `part`: the part of the data that the result is of.
    init(_ order: MistakesReport.Order, of result: EvaluationResult, part: [Example], shown limit: Int) {
        (self.order, place, count) = (order, result.title, result.values.count)
        let sorted = order == .best ? result.values.byNearness : result.values.byError
        rows = sorted.prefix(limit).map { ($0, part[$0.index]) }
    }

    private var title: String { order == .best ? "Nearest first" : "Largest error first" }

    var value: JSON {
        .array(
            rows.map { judged, example in
                var value: JSONObject = [
                    "row": .integer(example.id), "text": .string(example.text),
                    "true": .number(Double(judged.truth)), "answer": .number(Double(judged.answer)),
                    "error": .number(judged.error), "loss": .number(judged.loss),
                    "tokens": .integer(judged.tokens), "cut": .integer(judged.cut),
                ]
                if let pair = example.pair { value["pair"] = .string(pair) }
                return .object(value)
            })
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private static let textWidth = 40

    private var table: Table {
        let shown = NumberStyle.automatic.text(Double(rows.count))
        let facts = [place, "\(shown) of \(NumberStyle.automatic.text(Double(count))) shown"]
        var table = Table(
            columns: [
                Table.Column("error", alignment: .trailing), Table.Column("true", alignment: .trailing),
                Table.Column("answered", alignment: .trailing),
                Table.Column("text", widthLimit: Self.textWidth),
                Table.Column("tokens", alignment: .trailing),
            ], caption: ([title] + facts).joined(separator: " · ").onOneLine, notes: notes)
        for (judged, example) in rows {
            let words = example.pair.map { "\(example.text) ¦ \($0)" } ?? example.text
            let tokens = NumberStyle.automatic.text(Double(judged.tokens + judged.cut))
            table.add([
                .text(signed(judged.error)), .text(NumberStyle.automatic.text(Double(judged.truth))),
                .text(NumberStyle.significant(4).text(Double(judged.answer))),
                .text(words.onOneLine.clipped(to: 200)), .text(tokens + (judged.cut > 0 ? " ✂" : "")),
            ])
        }
        return table
    }

    private func signed(_ error: Double) -> String {
        (error > 0 ? "+" : "") + NumberStyle.significant(4).text(error)
    }

    private var notes: [String] {
        var notes: [String] = []
        if rows.contains(where: { $0.value.cut > 0 }) {
            notes.append("✂ cut before the model saw it")
        }
        if count > rows.count {
            let more = (count - rows.count).grouped
            notes.append("\(more) more: show \(order.rawValue) n=\(min(1000, count))")
        }
        return notes
    }
}
