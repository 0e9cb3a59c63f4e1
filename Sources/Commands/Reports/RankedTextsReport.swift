import Datasets
import Diagnostics
import Display
import JSON
import Training

/// Texts without classes with what the model made of them: the worst, those that cost most, or the best.
struct RankedTextsReport: Displayable {
    typealias Order = MistakesReport.Order

    /// What the texts are ordered by.
    private enum Kind {
        case loss, margin
        case written(by: String)

        var column: String {
            switch self {
            case .loss: "loss"
            case .margin: "margin"
            case .written(let metric): TextMetricRegistry.named(metric)?.title ?? metric
            }
        }

        /// The name of the figure in the value.
        var key: String {
            switch self {
            case .loss: "loss"
            case .margin: "margin"
            case .written(let metric): metric
            }
        }

        var style: NumberStyle {
            guard case .written(let metric) = self else { return .significant(3) }
            return Metrics.Figure(metric, 0).style
        }
    }

    private let order: Order
    private let kind: Kind
    private let place: String
    private let judged, count: Int
    private let rows: [(text: RankedText, example: Example)]

    /// - Throws: `no-mistakes` where nothing is right or wrong.
    init(_ order: Order, _ result: EvaluationResult, of dataset: Dataset, shown limit: Int) throws {
        let isOfWriting = order != .losses && !result.written.isEmpty
        let all = isOfWriting ? result.rankedByWriting : result.ranked
        kind =
            isOfWriting
            ? .written(by: result.writtenMetric ?? "") : result.ranking == .margin ? .margin : .loss
        let found: [RankedText]
        switch order {
        case .losses: found = all.byCost
        case .wrong:
            guard all.contains(where: { $0.isWrong != nil }) else {
                throw Diagnostic(
                    "no-mistakes", "nothing is right or wrong where it is judged how probable answers are",
                    hint:
                        "write show top_losses, or evaluate metrics=exact_match before it, or another figure")
            }
            found = all.filter { $0.isWrong == true }.byCost
        case .best: found = all.filter { $0.isWrong != true || isOfWriting }.byWorth
        }
        (self.order, place, judged, count) = (order, result.title, all.count, found.count)
        let part = dataset[result.split]
        rows = found.prefix(limit).map { ($0, part[$0.index]) }
    }

    private var title: String {
        switch (order, kind) {
        case (.losses, .margin): "Lowest margin first"
        case (.losses, _): "Highest loss first"
        case (.wrong, _): "Wrong, the worst first"
        case (.best, .loss): "Lowest loss first"
        case (.best, .margin): "Right, highest margin first"
        case (.best, .written): "The best first"
        }
    }

    var value: JSON {
        .array(
            rows.map { ranked, example in
                var value: JSONObject = [
                    "row": .integer(example.id), "text": .string(Self.asked(example)),
                    kind.key: .number(ranked.figure),
                ]
                value["answer"] = Self.known(example).map { .string($0) }
                value["rejected"] = example.rejected.map { .string($0) }
                value["written"] = ranked.written.map { .string($0) }
                value["tokens"] = ranked.tokens.map { .integer($0) }
                value["cut"] = ranked.cut.map { .integer($0) }
                return .object(value)
            })
    }

    func mimeBundle() -> MimeBundle {
        guard !rows.isEmpty else {
            let none = order == .best ? "right" : "wrong"
            return Message("nothing is \(none): \(judged.grouped) in \(place)", value: value).mimeBundle()
        }
        return table.mimeBundle()
    }

    /// What stands before the answer.
    private static func asked(_ example: Example) -> String {
        [example.instruction ?? "", example.text].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func known(_ example: Example) -> String? {
        example.answer ?? example.turns.last { $0.role == .assistant }?.content
    }

    /// Characters of a text that are shown.
    private static let shown = 400

    private var table: Table {
        var columns: [(column: Table.Column, cell: (RankedText, Example) -> String?)] = [
            (Table.Column(kind.column, alignment: .trailing), { text, _ in kind.style.text(text.figure) })
        ]
        let others = 1 + (rows.contains { $0.example.rejected != nil } ? 1 : 0) + (isWritten ? 1 : 0)
        let width = max(14, 56 / (others + 1))
        func add(_ name: String, _ text: @escaping (RankedText, Example) -> String?) {
            columns.append((Table.Column(name, widthLimit: width), text))
        }
        add("text") { Self.asked($1) }
        if rows.contains(where: { Self.known($0.example) != nil }) {
            let name = isWritten ? "known" : "answer"
            add(rows.contains { $0.example.rejected != nil } ? "liked more" : name) { Self.known($1) }
        }
        if rows.contains(where: { $0.example.rejected != nil }) { add("liked less") { $1.rejected } }
        if isWritten { add("written") { text, _ in text.written } }
        if rows.contains(where: { $0.text.tokens != nil }) {
            columns.append(
                (
                    Table.Column("tokens", alignment: .trailing),
                    { text, _ in
                        text.tokens.map { tokens in
                            let cut = text.cut ?? 0
                            return (tokens + cut).grouped + (cut > 0 ? " ✂" : "")
                        }
                    }
                ))
        }
        let facts = [place, "\(count.grouped) of \(judged.grouped)", "\(rows.count.grouped) shown"]
        var table = Table(
            columns: columns.map(\.column), caption: ([title] + facts).joined(separator: " · ").onOneLine,
            notes: notes)
        for (text, example) in rows {
            table.add(
                columns.map { .text(($0.cell(text, example) ?? "").onOneLine.clipped(to: Self.shown)) })
        }
        return table
    }

    private var isWritten: Bool { if case .written = kind { true } else { false } }

    private var notes: [String] {
        var notes: [String] = []
        if case .loss = kind { notes.append("loss: the mean of -log p over the tokens that are judged") }
        if rows.contains(where: { ($0.text.cut ?? 0) > 0 }) {
            notes.append("✂ cut before the model saw it")
        }
        if count > rows.count {
            notes.append("\((count - rows.count).grouped) more: show \(order.rawValue) n=\(min(1000, count))")
        }
        return notes
    }
}
