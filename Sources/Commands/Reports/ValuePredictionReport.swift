import Datasets
import Display
import JSON
import Training

/// The numbers that a model gives texts.
struct ValuePredictionReport: Predictions {
    private static let shownRows = 100

    private let rows: [(example: Example, value: Double, isSeen: Bool)]
    private let notes: [String]
    private let warnings: [String]

    /// - `warning`: what takes all worth from the answers.
    /// - `seen`: by text, whether the weights have learned from it.
    init(
        _ examples: [Example], _ answers: [Answer], notes: [String], warning: String?, seen: [Bool] = []
    ) {
        rows = zip(examples, answers).enumerated().map { index, pair in
            (
                pair.0, Double(pair.1.values.first ?? .nan), seen.indices.contains(index) && seen[index]
            )
        }
        (self.notes, warnings) = (notes, [warning].compactMap(\.self))
    }

    private var isPaired: Bool { rows.contains { $0.example.pair != nil } }

    var value: JSON {
        .array(
            rows.map { row in
                var value: JSONObject = ["text": .string(row.example.text), "value": .number(row.value)]
                if let pair = row.example.pair { value["pair"] = .string(pair) }
                if row.isSeen { value["seen"] = true }
                return .object(value)
            })
    }

    /// The answers as separated values: text, its pair, the number.
    var csv: String {
        let head = ["text"] + (isPaired ? ["pair"] : []) + ["answer"]
        let lines = rows.map { row in
            [row.example.text] + (isPaired ? [row.example.pair ?? ""] : []) + ["\(Float(row.value))"]
        }
        return ([head] + lines).map { DisplayFile.row($0) + "\n" }.joined()
    }

    func mimeBundle() -> MimeBundle { table.mimeBundle() }

    private var table: Table {
        let width = isPaired ? 30 : 60
        var table = Table(
            columns: [.number("number", .significant(4)), Table.Column("text", widthLimit: width)]
                + (isPaired ? [Table.Column("second text", widthLimit: width)] : []),
            notes: notes, warnings: warnings)
        for row in rows.prefix(Self.shownRows) {
            table.add(
                [.number(row.value), .text(row.example.text.clipped(to: 600))]
                    + (isPaired ? [.text((row.example.pair ?? "").clipped(to: 600))] : []))
        }
        if rows.count > Self.shownRows {
            table.notes.append("the first \(Self.shownRows) of \(rows.count.grouped) rows")
        }
        return table
    }
}

/// What a model says of texts of one's own, to be shown and to be written into a file.
protocol Predictions: Displayable {
    /// A row for each text, the first line says what is in it.
    var csv: String { get }
}
