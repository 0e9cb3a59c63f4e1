import Datasets
import Diagnostics
import Display
import Foundation
import JSON
import Training

/// The classes of texts: the winner first, then how close the others are.
struct PredictionReport: Predictions {
    /// Texts that are shown one by one; more stand in a table.
    private static let detailedTexts = 10
    private static let shownRows = 100
    /// Classes of a text that are shown, the likeliest.
    private static let shownClasses = 5

    private let labels: [String]
    private let rows: [Row]
    /// What must be known to read it right.
    private let notes: [String]
    /// Whether the notes begin with a warning.
    private let isWarned: Bool

    private struct Row {
        let example: Example
        /// By class.
        let shares: [Double]
        /// Classes, the likeliest first; equal ones in their order.
        let ranking: [Int]
        /// Whether the weights have learned from it.
        let isSeen: Bool

        init(_ example: Example, _ answer: Answer, isSeen: Bool) {
            (self.example, self.isSeen) = (example, isSeen)
            let shares = answer.values.map { Double(exp($0)) }
            self.shares = shares
            // The answer itself decides, in which no rounding has made two classes equal.
            ranking = shares.indices.sorted { one, other in
                (answer.values[other], one) < (answer.values[one], other)
            }
        }
    }

    /// - `warning`: what takes all worth from the answers.
    /// - `seen`: by text, whether the weights have learned from it.
    init(
        _ examples: [Example], _ answers: [Answer], labels: [String], notes: [String], warning: String?,
        seen: [Bool] = []
    ) {
        self.labels = labels
        rows = zip(examples, answers).enumerated().map { index, pair in
            Row(pair.0, pair.1, isSeen: seen.indices.contains(index) && seen[index])
        }
        self.notes = (warning.map { [$0] } ?? []) + notes
        isWarned = warning != nil
    }

    var value: JSON {
        .array(
            rows.map { row in
                var value: JSONObject = [
                    "text": .string(row.example.text), "class": .string(labels[row.ranking.first ?? 0]),
                    "probabilities": .object(JSONObject(zip(labels, row.shares.map(JSON.number)))),
                ]
                if let pair = row.example.pair { value["pair"] = .string(pair) }
                if row.isSeen { value["seen"] = true }
                return .object(value)
            })
    }

    /// The answers as separated values: text, its pair, the answer, and the probability of each class.
    var csv: String {
        let isPaired = rows.contains { $0.example.pair != nil }
        let head = ["text"] + (isPaired ? ["pair"] : []) + ["answer"] + labels.map { "p_\($0)" }
        let lines = rows.map { row in
            [row.example.text] + (isPaired ? [row.example.pair ?? ""] : []) + [labels[row.ranking.first ?? 0]]
                + row.shares.map { String(format: "%.6f", $0) }
        }
        return ([head] + lines).map { DisplayFile.row($0) + "\n" }.joined()
    }

    func mimeBundle() -> MimeBundle {
        let table = table
        guard rows.count <= Self.detailedTexts else {
            var bundle = table.mimeBundle()
            if isWarned, let warning = notes.first {
                bundle.data[MimeType.html] = .string(Markup.frame([Markup.warning(warning), table.html]))
            }
            return bundle
        }
        let marked = notes.enumerated().map { $0 == 0 && isWarned ? "! \($1)" : $1 }
        let plain = (rows.map(plain) + (marked.isEmpty ? [] : [marked.joined(separator: "\n")]))
        return MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(table.markdown),
                MimeType.latex: .string(table.latex),
                MimeType.plain: .string(plain.joined(separator: "\n\n")),
            ], sentences: notes.count)
    }

    /// `0.4%`; what is there and less than a tenth of a percent is not called nothing.
    private func percent(_ share: Double) -> String {
        share > 0 && share < 0.0005 ? "<0.1%" : NumberStyle.percent(1).text(share)
    }

    /// How many of the classes have a line: a rest of one would take the room of that one.
    private var listedClasses: Int {
        labels.count == Self.shownClasses + 1 ? labels.count : min(labels.count, Self.shownClasses)
    }

    private func words(_ example: Example) -> String {
        (example.pair.map { "“\(example.text)” “\($0)”" } ?? "“\(example.text)”").onOneLine
    }

    /// What the classes that are not shown share, and whether it was close.
    private func remainder(_ row: Row) -> String? {
        var facts: [String] = []
        if labels.count > listedClasses {
            let rest = row.ranking.dropFirst(listedClasses)
            let share = rest.reduce(0) { $0 + row.shares[$1] }
            facts.append("\(rest.count.grouped) more classes share \(percent(share))")
        }
        if row.ranking.count > 1 {
            let difference = row.shares[row.ranking[0]] - row.shares[row.ranking[1]]
            if difference < 0.1 {
                let points = NumberStyle.fixed(1).text(difference * 100)
                facts.append("a close call: \(points) points between the first two")
            }
        }
        return facts.isEmpty ? nil : facts.joined(separator: " · ")
    }

    // MARK: - Text

    private func plain(_ row: Row) -> String {
        let winner = labels[row.ranking.first ?? 0].onOneLine.clippedInMiddle(to: 40)
        let room = max(20, 80 - 2 - winner.displayWidth)
        let shown = row.ranking.prefix(listedClasses)
        let width = shown.map { labels[$0].onOneLine.clippedInMiddle(to: 30).displayWidth }.max() ?? 0
        let bars = shown.map { index in
            let label = labels[index].onOneLine.clippedInMiddle(to: 30).padded(to: width)
            let filled = Int((row.shares[index] * 30).rounded())
            let bar =
                String(repeating: "━", count: filled) + String(repeating: "╌", count: max(0, 30 - filled))
            return "  \(label)  \(bar)  \(percent(row.shares[index]).padded(to: 6, .trailing))"
        }
        let head = "\(winner)  \(words(row.example).clipped(to: room))"
        return ([head] + bars + (remainder(row).map { ["  \($0)"] } ?? [])).joined(separator: "\n")
    }

    /// All classes where they are few, else the two likeliest.
    private var table: Table {
        let isPaired = rows.contains { $0.example.pair != nil }
        let isWhole = labels.count <= Self.shownClasses
        let width = isPaired ? 24 : 40
        var table = Table(
            columns: [Table.Column("text", widthLimit: width)]
                + (isPaired ? [Table.Column("second text", widthLimit: width)] : []) + ["class"]
                + (isWhole
                    ? labels.map { .number($0, .percent(1)) }
                    : [.number("sure", .percent(1)), "then", .number("", .percent(1), key: "then_sure")]),
            notes: notes)
        for row in rows.prefix(Self.shownRows) {
            let (first, second) = (row.ranking.first ?? 0, row.ranking.dropFirst().first ?? 0)
            table.add(
                [.text(row.example.text.clipped(to: 600))]
                    + (isPaired ? [.text((row.example.pair ?? "").clipped(to: 600))] : [])
                    + [.text(labels[first])]
                    + (isWhole
                        ? row.shares.map { .number($0) }
                        : [.number(row.shares[first]), .text(labels[second]), .number(row.shares[second])]))
        }
        if rows.count > Self.shownRows {
            table.notes.append("the first \(Self.shownRows) of \(rows.count.grouped) rows")
        }
        return table
    }

    // MARK: - HTML

    private var html: String {
        let warning = isWarned ? notes.prefix(1).map(Markup.warning) : []
        let rest = notes.dropFirst(isWarned ? 1 : 0)
        return Markup.frame(
            warning + rows.map(html) + (rest.isEmpty ? [] : [Markup.note(rest.joined(separator: " · "))]))
    }

    private func html(_ row: Row) -> String {
        let winner = row.ranking.first ?? 0
        let bars = row.ranking.prefix(listedClasses).map { index in
            Markup.shareRow(
                labels[index].onOneLine.clippedInMiddle(to: 40), row.shares[index],
                text: percent(row.shares[index]), whole: labels[index], stands: index == winner)
        }
        let table =
            "<table class=\"lk-num\" style=\"border-collapse:collapse;border:none;margin:0;font-size:12px;width:100%;"
            + "max-width:460px\">\(bars.joined(separator: "\n"))</table>"
        return """
            <div style="margin:0 0 12px 0"><div style="margin:0 0 3px 0">\
            <b title="\(labels[winner].htmlEscaped)" style="font-size:16px;font-weight:600">\
            \(labels[winner].onOneLine.clippedInMiddle(to: 60).htmlEscaped)</b> &nbsp;\
            <span style="opacity:0.72;overflow-wrap:break-word">\
            \(words(row.example).clipped(to: 600).htmlEscaped)</span></div>\(table)
            """
                + (remainder(row).map(Markup.note) ?? "") + "</div>"
    }
}
