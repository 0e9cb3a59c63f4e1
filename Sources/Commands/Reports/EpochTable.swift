import Display
import Training

/// The epochs of a run, one line each: losses, what the task is judged by, the time; the best one marked.
struct EpochTable {
    struct Line {
        var epoch: Int
        /// Updates so far.
        var steps: Int
        var trainLoss: Double?
        var validation: EvaluationResult?
        var seconds: Double?
        /// What the line is, where it is no whole epoch: `untuned`, `so far`.
        var remark = ""
    }

    var lines: [Line]
    let showsTimes: Bool
    /// Whether there is, or will be, something to judge by.
    let hasValidation: Bool

    /// More lines than these are left out in the middle of a panel.
    private static let mostLines = 14

    /// Those of earlier runs over the same weights among them.
    init(of run: TrainingRun, showsTimes: Bool) {
        let lines = (run.untuned.map { [Line($0)] } ?? []) + run.epochs.map(Line.init)
        self.init(
            lines, hasValidation: lines.contains { $0.validation != nil }, showsTimes: showsTimes)
    }

    init(_ lines: [Line], hasValidation: Bool, showsTimes: Bool) {
        (self.lines, self.hasValidation, self.showsTimes) = (lines, hasValidation, showsTimes)
    }

    /// The line of the lowest validation loss, the first of equals; nil where only one was judged.
    var best: Int? {
        let judged = lines.indices.filter { lines[$0].validation?.loss.isFinite == true }
        guard judged.count > 1 else { return nil }
        return judged.min { (lines[$0].validation?.loss ?? 0, $0) < (lines[$1].validation?.loss ?? 0, $1) }
    }

    /// What the task is judged by before others: `accuracy`.
    private var figureName: String {
        lines.lazy.compactMap { $0.validation?.metrics.figures.first?.name }.first ?? "accuracy"
    }

    // MARK: - Its forms

    /// - `mark`: the word for the best epoch.
    func table(caption: String? = nil, mark: String = "best") -> Table {
        var columns: [Table.Column] = [.number("epoch", .ungrouped), .number("train loss", .loss)]
        if hasValidation {
            columns += [
                .number("validation loss", .loss), Table.Column(figureName, alignment: .trailing),
                Table.Column("(95%)", key: "interval", alignment: .leading),
            ]
        }
        if showsTimes { columns.append(.number("time", .seconds)) }
        let best = best
        let remarks = lines.indices.map { index in
            [index == best ? mark : "", lines[index].remark].filter { !$0.isEmpty }.joined(separator: ", ")
        }
        let isRemarked = remarks.contains { !$0.isEmpty }
        if isRemarked { columns.append(Table.Column("", key: "remark", alignment: .leading)) }
        var table = Table(columns: columns, caption: caption)
        for index in lines.indices {
            let line = lines[index]
            var row: [Table.Cell] = [.integer(line.epoch), line.trainLoss.map { .number($0) } ?? .absent]
            if hasValidation {
                row += [
                    line.validation.map { .number($0.loss) } ?? .absent,
                    line.validation.map { .text($0.figureText) } ?? .absent,
                    .text(line.validation?.intervalText.map { "(\($0))" } ?? ""),
                ]
            }
            if showsTimes { row.append(line.seconds.map { .number($0) } ?? .absent) }
            table.add(row + (isRemarked ? [.text(remarks[index])] : []))
        }
        return table
    }

    /// The first lines, the best one and the last, as a panel has room for.
    var panel: PanelTable {
        var columns: [PanelTable.Column] = [.init("epoch", isText: true), .init("train loss")]
        if hasValidation { columns += [.init("validation loss"), .init(figureName, aside: "95%")] }
        if showsTimes { columns.append(.init("time")) }
        columns.append(.init("", isText: true))
        var rows: [PanelTable.Row] = []
        let best = best
        var last = -1
        for index in shown {
            if index > last + 1 {
                rows.append(
                    .init(
                        [.init("", aside: "…")] + columns.dropFirst(2).map { _ in .init("") } + [
                            .init("", aside: "\(index - last - 1) epochs left out")
                        ]))
            }
            rows.append(row(index, isBest: index == best))
            last = index
        }
        return PanelTable(columns: columns, rows: rows)
    }

    private var shown: [Int] {
        guard lines.count > Self.mostLines else { return Array(lines.indices) }
        let kept = Set(Array(lines.indices.prefix(2)) + lines.indices.suffix(8) + [best].compactMap(\.self))
        return kept.sorted()
    }

    private func row(_ index: Int, isBest: Bool) -> PanelTable.Row {
        let line = lines[index]
        func cell(_ number: Double?, _ style: NumberStyle) -> PanelTable.Cell {
            number.map { .init(style.text($0)) } ?? .absent
        }
        var cells: [PanelTable.Cell] = [.init("\(line.epoch)"), cell(line.trainLoss, .loss)]
        if hasValidation {
            cells.append(cell(line.validation?.loss, .loss))
            cells.append(
                line.validation.map {
                    .init($0.figureText, aside: $0.intervalText ?? "", isStrong: true)
                } ?? .absent)
        }
        if showsTimes { cells.append(cell(line.seconds, .seconds)) }
        cells.append(.init(isBest ? "best" : "", aside: line.remark, isStrong: isBest))
        return .init(cells, isTinted: isBest)
    }
}

extension EpochTable.Line {
    init(_ record: EpochRecord) {
        self.init(
            epoch: record.epoch, steps: record.steps, trainLoss: record.trainLoss,
            validation: record.validation,
            seconds: record.seconds)
    }

    /// Called so only where nothing had been learned before.
    init(_ record: UntunedRecord) {
        self.init(epoch: 0, steps: 0, validation: record.validation, seconds: record.seconds)
        remark = record.isUntuned ? "untuned" : "before"
    }
}

extension StuckAdvice {
    /// That everything was put into one class after an epoch.
    func remark(_ line: EpochTable.Line) -> String? {
        line.validation.flatMap { remark(after: line.epoch, steps: line.steps, $0) }
    }
}

extension EvaluationResult {
    /// From 200 texts on one of them is less than half a point.
    private var shareStyle: NumberStyle { .percent(metrics.count >= 200 ? 1 : 0) }

    /// What the task is judged by before others: `74%`, of 200 texts and more `84.0%`.
    var figureText: String {
        guard let figure = metrics.figures.first else { return "–" }
        return metrics.matrix == nil ? NumberStyle.loss.text(figure.value) : shareStyle.text(figure.value)
    }

    /// The 95% interval of an accuracy: `65–82`; nil for what has none.
    var intervalText: String? {
        guard let matrix = metrics.matrix, metrics.figures.first?.name == "accuracy" else { return nil }
        let interval = matrix.accuracyInterval
        func bare(_ share: Double) -> String { String(shareStyle.text(share).dropLast()) }
        return "\(bare(interval.lowerBound))–\(bare(interval.upperBound))"
    }
}
