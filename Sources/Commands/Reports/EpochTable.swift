import Diagnostics
import Display
import Training

/// The epochs and validations of a run, one line each: losses, what the task is judged by, the time; the best one marked.
struct EpochTable {
    struct Line {
        /// A whole number at an epoch's end.
        var epoch: Double
        /// Updates so far.
        var steps: Int
        var trainLoss: Double?
        var validation: EvaluationResult?
        /// On further sets.
        var others: [SetResult] = []
        var samples: [SampleAnswer] = []
        var seconds: Double?
        /// What the line is, where it is no whole epoch: `untuned`, `so far`.
        var remark = ""

        /// `2`, `1.33`
        var epochText: String { RunOutcomeWords.text(epoch: epoch) }

        /// A figure of the validation, by its name.
        func figure(_ name: String) -> Double? {
            validation?.metrics.figures.first { $0.name == name }?.value
        }

        /// What a further set's is here.
        func result(on name: String) -> EvaluationResult? { others.first { $0.name == name }?.result }
    }

    var lines: [Line]
    let showsTimes: Bool
    /// Whether there is, or will be, something to judge by.
    let hasValidation: Bool
    /// The step of the best validation; nil where none is the best.
    private let bestStep: Int?
    /// What decides which is the best.
    private let figure: DecidingFigure

    /// More lines than these are left out in the middle of a panel.
    private static let mostLines = 14

    /// Those of earlier runs over the same weights among them.
    init(of run: TrainingRun, showsTimes: Bool) {
        let lines = run.lines.map(Line.init)
        self.init(
            lines, hasValidation: lines.contains { $0.validation != nil }, showsTimes: showsTimes,
            best: run.best?.steps, by: DecidingFigure.named(run.best?.figure))
    }

    /// - `best`: the step of the best validation; nil where none is the best.
    init(
        _ lines: [Line], hasValidation: Bool, showsTimes: Bool, best: Int? = nil,
        by figure: DecidingFigure = .loss
    ) {
        (self.lines, self.hasValidation, self.showsTimes) = (lines, hasValidation, showsTimes)
        (bestStep, self.figure) = (best, figure)
    }

    /// The line of the best validation; nil where only one was judged.
    var best: Int? {
        let judged = lines.indices.filter { lines[$0].validation != nil }
        return judged.count > 1 ? judged.first { lines[$0].steps == bestStep } : nil
    }

    /// What the task is judged by before others: `accuracy`.
    var figureName: String {
        lines.lazy.compactMap { $0.validation?.metrics.figures.first?.name }.first ?? "accuracy"
    }

    /// What the task is judged by besides, where its answers are no classes: `margin`.
    var moreFigures: [String] {
        let first = lines.lazy.compactMap { $0.validation?.metrics }.first
        guard let first, first.matrix == nil else { return [] }
        return first.figures.dropFirst().map(\.name).filter { !Self.leftToEvaluate.contains($0) }
    }

    static func style(of figure: String) -> NumberStyle { Metrics.Figure(figure, 0).style }

    /// Of numbers: the loss is one of them, and a table has no room for all.
    private static let leftToEvaluate: Set = ["mse", "mae", "r2"]

    /// What decides, where no column has it anyway.
    var further: DecidingFigure? {
        let there = [DecidingFigure.loss.name, "mse", figureName] + moreFigures
        return hasValidation && !there.contains(figure.name) ? figure : nil
    }

    /// Further sets, by their names.
    var others: [String] {
        var names: [String] = []
        for name in lines.lazy.flatMap({ $0.others.map(\.name) }) where !names.contains(name) {
            names.append(name)
        }
        return names
    }

    /// Whether a line stands within an epoch: then steps tell them apart better.
    var hasSteps: Bool { lines.contains { $0.epoch != $0.epoch.rounded() } }

    // MARK: - Its forms

    /// The first lines, the best one and the last, as a panel has room for.
    var panel: PanelTable {
        var columns: [PanelTable.Column] = [.init("epoch", isText: true)]
        if hasSteps { columns.append(.init("step")) }
        columns.append(.init("train loss"))
        if hasValidation {
            columns.append(.init("validation loss"))
            // What decides before what a narrow page may leave to be scrolled to.
            if let further { columns.append(.init(further.title)) }
            columns.append(.init(figureName, aside: "95%"))
            columns += moreFigures.map { .init($0) }
        }
        for name in others { columns += [.init("\(name) loss"), .init("\(name) \(figureName)")] }
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
                            .init("", aside: "\(index - last - 1) \(hasSteps ? "lines" : "epochs") left out")
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
        var cells: [PanelTable.Cell] = [.init(line.epochText)]
        if hasSteps { cells.append(.init(line.steps.grouped)) }
        cells.append(cell(line.trainLoss, .loss))
        if hasValidation {
            cells.append(cell(line.validation?.loss, .loss))
            if let further { cells.append(cell(line.validation.flatMap(further.value), further.style)) }
            cells.append(
                line.validation.map {
                    .init($0.figureText, aside: $0.intervalText ?? "", isStrong: true)
                } ?? .absent)
            cells += moreFigures.map { cell(line.figure($0), Self.style(of: $0)) }
        }
        for name in others {
            let result = line.result(on: name)
            cells += [cell(result?.loss, .loss), result.map { .init($0.figureText) } ?? .absent]
        }
        if showsTimes { cells.append(cell(line.seconds, .seconds)) }
        cells.append(.init(isBest ? "best" : "", aside: line.remark, isStrong: isBest))
        return .init(cells, isTinted: isBest)
    }
}

extension EpochTable.Line {
    /// Called untuned only where nothing had been learned before.
    init(_ line: RunLine) {
        self.init(
            epoch: line.epoch, steps: line.steps, trainLoss: line.trainLoss, validation: line.validation,
            others: line.others, samples: line.samples, seconds: line.seconds)
        if line.epoch == 0 { remark = line.isUntuned ? "untuned" : "before" }
    }
}

extension StuckAdvice {
    /// That everything was put into one class after a line of a run's table.
    func remark(_ line: EpochTable.Line) -> String? {
        line.validation.flatMap { remark(after: line.epoch, steps: line.steps, $0) }
    }
}
