import Diagnostics
import Display
import Training

extension Plot {
    static let loss = Plot(
        name: "loss",
        summary: "training loss by step, validation loss by epoch, rate and gradient norm under it",
        isOfRuns: true
    ) { request -> [any Displayable] in
        let runs = try request.runs()
        let chart = LossChart(
            about: about(
                runs,
                isPrompted: request.engine.data.map { $0.template != nil && $0.dataset.shape == .classes }
                    ?? false),
            runs: runs.map { curve(of: $0, isAlone: runs.count == 1) },
            epochs: runs.first.map { ends(of: $0, isAlone: runs.count == 1) } ?? [],
            total: Int(steps(of: runs).range?.upperBound ?? 1),
            isLogarithmic: request.isLogarithmic)
        return runs.count == 1 ? [chart, rateChart(of: runs), normChart(of: runs)] : [chart]
    }

    static let rate = Plot(name: "lr", summary: "learning rate by step", isOfRuns: true) {
        request -> any Displayable in
        rateChart(of: try request.runs(), height: 240)
    }

    static let norm = Plot(
        name: "norm", aliases: ["gradients", "gradient_norm", "grad_norm"],
        summary: "gradient norm by step before clipping, the limit and how many steps passed it",
        isOfRuns: true
    ) { request -> any Displayable in
        normChart(of: try request.runs(), height: 240)
    }

    static let accuracy = Plot(
        name: "accuracy", summary: "validation accuracy by epoch, with its interval", isOfRuns: true
    ) {
        request -> any Displayable in
        try ScoreChart(of: request.runs()).chart(about: about(request.runs()))
    }

    // MARK: - Pieces

    /// `imdb · lora r=8`
    private static func about(_ runs: [TrainingRun], isPrompted: Bool = false) -> [String] {
        let data = Set(runs.map(\.data)).sorted().joined(separator: ", ")
        var lines = [
            runs.count == 1
                ? "\(data) · \(runs[0].method)"
                : ([data] + runs.map { "\($0.name): \($0.method)" }).joined(separator: " · ")
        ]
        if isPrompted, runs.contains(where: { $0.lines.contains { $0.epoch > 0 && $0.validation != nil } }) {
            lines.append("train: over the answer's tokens · validation: over the classes")
        }
        return lines
    }

    /// Of several runs each begins at step 0.
    private static func curve(of run: TrainingRun, isAlone: Bool) -> LossChart.Run {
        let shift = isAlone ? 0 : run.start.steps
        // The untuned model is that before the first of all steps.
        let judged = (isAlone || shift == 0 ? run.lines : run.ownLines).compactMap { line in
            line.validation.map { LossCurve.Point(step: line.steps - shift, loss: $0.loss) }
        }
        var curve = LossCurve(planned: (isAlone ? run.start.steps : 0) + run.plannedSteps)
        for step in isAlone ? run.steps[...] : run.ownSteps {
            curve.append(step: step.step - shift, loss: step.loss)
        }
        return LossChart.Run(
            run.name, curve, validation: judged,
            bestStep: (isAlone ? run.best?.steps : run.ownBestStep).map { $0 - shift })
    }

    private static func ends(of run: TrainingRun, isAlone: Bool) -> [Int] {
        let shift = isAlone ? 0 : run.start.steps
        return (isAlone ? run.epochs[...] : run.ownEpochs).map { $0.steps - shift }.filter { $0 > 0 }
    }

    /// As far as the longest of them goes.
    private static func steps(of runs: [TrainingRun]) -> Axis {
        let total = runs.map { (runs.count == 1 ? $0.start.steps : 0) + $0.expectedSteps }.max() ?? 1
        return Axis("step", range: 0...Double(max(1, total)), isWhole: true)
    }

    /// A figure of each step; of several runs each begins at step 0.
    private static func series(
        of runs: [TrainingRun], called name: String, _ figure: (StepRecord) -> Double
    ) -> [LineChart.Series] {
        let isAlone = runs.count == 1
        return runs.map { run in
            let steps = isAlone ? run.steps[...] : run.ownSteps
            let shift = isAlone ? 0 : run.start.steps
            return LineChart.Series(
                isAlone ? name : run.name, steps.map { (x: Double($0.step - shift), y: figure($0)) })
        }
    }

    private static func rateChart(of runs: [TrainingRun], height: Int = 200) -> LineChart {
        LineChart(
            title: "Learning rate", x: steps(of: runs), y: Axis("lr"),
            series: series(of: runs, called: "lr") { Double($0.lr) }, size: ChartSize(height: height))
    }

    private static func normChart(of runs: [TrainingRun], height: Int = 200) -> LineChart {
        let isAlone = runs.count == 1
        let clipped = runs.compactMap { run in
            run.clippedShare.map { share in
                (isAlone ? "" : "\(run.name): ")
                    + "\(NumberStyle.percent(0).text(share)) of the steps clipped"
            }
        }
        let limits = Set(runs.compactMap(\.clip).filter { $0 > 0 }).sorted()
        return LineChart(
            title: "Gradient norm", subtitle: ["before clipping"] + clipped, x: steps(of: runs),
            y: Axis("norm"), series: series(of: runs, called: "norm", \.gradientNorm),
            rules: limits.map { limit in
                LineChart.Rule("clip \(NumberStyle.automatic.text(Double(limit)))", at: Double(limit))
            }, size: ChartSize(height: height))
    }
}
