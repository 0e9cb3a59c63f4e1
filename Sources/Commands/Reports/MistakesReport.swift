import Datasets
import Diagnostics
import Display
import JSON
import Training

/// Texts with what the model made of them: the surest mistakes, those that cost most, or the surest right answers.
struct MistakesReport: Displayable {
    enum Order: String, CaseIterable {
        case wrong
        case losses = "top_losses"
        case best

        fileprivate var title: String {
            switch self {
            case .wrong: "Wrong, most certain first"
            case .losses: "Highest loss first"
            case .best: "Right, most certain first"
            }
        }

        /// Those that it is of, in their order.
        func sorted(_ texts: [JudgedText]) -> [JudgedText] {
            switch self {
            case .wrong: texts.surestMistakes
            case .losses: texts.byLoss
            case .best: texts.surestRight
            }
        }
    }

    private let order: Order
    private let place: String
    private let judged: Int
    /// How many there are in all.
    private let count: Int
    private let labels: [String]
    private let rows: [(text: JudgedText, example: Example)]

    /// - `found`: in their order.
    /// - `part`: the part of the data that they are of.
    init(
        _ order: Order, _ found: [JudgedText], of result: EvaluationResult, part: [Example], shown limit: Int
    ) {
        (self.order, place, judged) = (order, result.title, result.texts.count)
        (count, labels) = (found.count, result.matrix.labels)
        rows = found.prefix(limit).map { ($0, part[$0.index]) }
    }

    private var facts: [String] {
        func number(_ count: Int) -> String { NumberStyle.automatic.text(Double(count)) }
        return [place, "\(number(count)) of \(number(judged))", "\(number(rows.count)) shown"]
    }

    private var notes: [String] {
        var notes: [String] = []
        if let cut = rows.first(where: { $0.text.cut > 0 })?.text {
            notes.append("✂ cut to \(cut.tokens.grouped) tokens before the model saw it")
        }
        if count > rows.count {
            notes.append("\((count - rows.count).grouped) more: show \(order.rawValue) n=\(min(1000, count))")
        }
        return notes
    }

    var value: JSON {
        .array(
            rows.map { judged, example in
                var value: JSONObject = [
                    "row": .integer(example.id), "text": .string(example.text),
                    "true": .string(labels[judged.truth]), "answer": .string(labels[judged.answer]),
                    "probability": .number(judged.probability),
                    "probability_of_true": .number(judged.probabilityOfTruth), "loss": .number(judged.loss),
                    "tokens": .integer(judged.tokens), "cut": .integer(judged.cut),
                ]
                if let pair = example.pair { value["pair"] = .string(pair) }
                return .object(value)
            })
    }

    func mimeBundle() -> MimeBundle {
        let table = table
        return MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(table.markdown),
                MimeType.latex: .string(table.latex), MimeType.plain: .string(table.plain),
            ], sentences: table.notes.count)
    }

    /// The first figure of a row: how sure the model was, or what the answer cost.
    private func figure(_ text: JudgedText) -> String {
        switch order {
        case .wrong, .best: NumberStyle.percent(1).text(text.probability)
        case .losses: NumberStyle.fixed(text.loss < 10 ? 2 : 1).text(text.loss)
        }
    }

    private var figureTitle: String { order == .losses ? "loss" : "sure" }

    /// What the text had, and a mark where the model did not see all of it.
    private func tokens(_ text: JudgedText) -> String {
        NumberStyle.automatic.text(Double(text.tokens + text.cut)) + (text.cut > 0 ? " ✂" : "")
    }

    private func words(_ example: Example) -> String {
        (example.pair.map { "\(example.text) ¦ \($0)" } ?? example.text).onOneLine
    }

    // MARK: - Text

    private static let labelWidth = 14

    private var table: Table {
        let widest = min(Self.labelWidth, labels.map { $0.onOneLine.displayWidth }.max() ?? 0)
        let room = max(24, 80 - 2 * max(8, widest) - 24)
        var table = Table(
            columns: [
                Table.Column(figureTitle, alignment: .trailing),
                Table.Column("true", widthLimit: Self.labelWidth),
                Table.Column("answered", widthLimit: Self.labelWidth), Table.Column("text", widthLimit: room),
                Table.Column("tokens", alignment: .trailing),
            ], caption: "\(order.title)  \(facts.joined(separator: " · "))".onOneLine, notes: notes)
        for (text, example) in rows {
            table.add([
                .text(figure(text)), .text(labels[text.truth]), .text(labels[text.answer]),
                .text(words(example).clipped(to: 200)), .text(tokens(text)),
            ])
        }
        return table
    }

    // MARK: - HTML

    private var html: String {
        let widest = min(Self.labelWidth, labels.map { $0.onOneLine.displayWidth }.max() ?? 0)
        let label = max(74, 18 + 8 * widest)
        let head: [(title: String, side: String, width: Int?)] = [
            (figureTitle, "right", 50), ("true", "left", label), ("answered", "left", label),
            ("text", "left", nil), ("tokens", "right", 66),
        ]
        let titles = head.enumerated().map { index, column in
            let width = column.width.map { ";width:\($0)px" } ?? ""
            return """
                <th style="text-align:\(column.side);font-weight:600;font-size:12px;\
                padding:3px 0 4px \(index == 0 ? 0 : 18)px;border:none;\
                border-bottom:1px solid rgba(128,128,128,0.5);white-space:nowrap;vertical-align:bottom\(width)">\
                \(column.title)</th>
                """
        }
        let body = rows.map { text, example in
            let cells = [
                figure(text), Markup.short(labels[text.truth], to: Self.labelWidth),
                "<b style=\"font-weight:600\">\(Markup.short(labels[text.answer], to: Self.labelWidth))</b>",
                folded(words(example)),
                tokens(text),
            ]
            return "<tr style=\"background:transparent\">"
                + zip(cells, head).enumerated().map { cell($1.0, $1.1.side, isFirst: $0 == 0) }.joined()
                + "</tr>"
        }
        let table =
            """
            <div style="overflow-x:auto"><table class="lk-num" style="border-collapse:collapse;border:none;\
            margin:0;width:100%;min-width:460px;table-layout:fixed;font-size:13px;line-height:1.35"><thead>\
            <tr style="background:transparent">\(titles.joined())</tr></thead>\n<tbody>\
            \(body.joined(separator: "\n"))</tbody></table></div>
            """
        return Markup.frame(
            [Markup.heading(order.title, facts), table]
                + (notes.isEmpty ? [] : [Markup.note(notes.joined(separator: " · "))]))
    }

    private func cell(_ content: String, _ side: String, isFirst: Bool) -> String {
        "<td style=\"text-align:\(side);padding:4px 0 4px \(isFirst ? 0 : 18)px;border:none;"
            + "border-bottom:1px solid rgba(128,128,128,0.25);white-space:nowrap;vertical-align:top\">\(content)</td>"
    }

    /// One line; a long text opens to the whole of it.
    private func folded(_ words: String) -> String {
        guard words.displayWidth > 44 else { return words.htmlEscaped }
        let line = words.clipped(to: 160).htmlEscaped
        return
            "<details><summary style=\"overflow:hidden;text-overflow:ellipsis;white-space:nowrap;cursor:pointer\">"
            + "\(line)</summary><div style=\"white-space:normal;padding:4px 0 4px 14px\">"
            + "\(words.clipped(to: 4000).htmlEscaped)</div></details>"
    }
}
