import Diagnostics
import Display
import Training

extension Plot {
    static let loss = Plot(
        name: "loss",
        summary: "training loss by step, validation loss by epoch, rate and gradient norm under it"
    ) { request -> [any Displayable] in
        let runs = try request.runs()
        let chart = LossChart(
            about: about(runs, isPrompted: request.engine.data?.template != nil),
            runs: runs.map { curve(of: $0, isAlone: runs.count == 1) },
            epochs: runs.first.map { ends(of: $0, isAlone: runs.count == 1) } ?? [],
            total: runs.map { (runs.count == 1 ? $0.start.steps : 0) + $0.expectedSteps }.max() ?? 1,
            isLogarithmic: request.isLogarithmic)
        return runs.count == 1 ? [chart, rateChart(of: runs[0]), normChart(of: [runs[0]])] : [chart]
    }

    static let rate = Plot(name: "lr", summary: "learning rate by step") { request -> any Displayable in
        rateChart(of: try request.runs()[0], height: 240)
    }

    static let norm = Plot(
        name: "norm", aliases: ["gradients", "gradient_norm", "grad_norm"],
        summary: "gradient norm by step before clipping, the limit and how many steps passed it"
    ) { request -> any Displayable in
        normChart(of: try request.runs(), height: 240)
    }

    static let accuracy = Plot(name: "accuracy", summary: "validation accuracy by epoch, with its interval") {
        request -> any Displayable in
        let run = try request.runs()[0]
        let judged = run.lines.compactMap { line in line.validation.map { (line.epoch, $0) } }
        guard let (_, last) = judged.last, let name = last.metrics.figures.first?.name else {
            throw Diagnostic(
                "no-validation", "the run had no validation examples", hint: "load the data with validation=…"
            )
        }
        let points = judged.map { epoch, result -> LineChart.Point in
            let interval = result.metrics.matrix?.accuracyInterval
            return LineChart.Point(
                epoch, result.metrics.figures.first?.value ?? .nan, low: interval?.lowerBound,
                high: interval?.upperBound)
        }
        let places = points.map(\.x)
        let epochs = Axis(
            "epoch", range: (places.min() ?? 0)...max(places.max() ?? 1, (places.min() ?? 0) + 1),
            isWhole: true)
        guard let matrix = last.metrics.matrix else {
            return LineChart(
                title: "\(name) by epoch", subtitle: about([run]), x: epochs, y: Axis(name),
                series: [LineChart.Series(name, points, style: .points)])
        }
        let levels = points.flatMap { [$0.low ?? $0.y, $0.high ?? $0.y] } + [matrix.majorityBaseline]
        let (low, high) = (levels.min() ?? 0, levels.max() ?? 1)
        let share = NumberStyle.percent(matrix.total < 200 ? 0 : 1).text(matrix.majorityBaseline)
        return LineChart(
            title: "Accuracy by epoch",
            subtitle: about([run]) + ["\(matrix.total.grouped) validation texts · band: 95% interval"],
            x: epochs,
            y: Axis("accuracy", range: max(0, low - 0.05)...min(1, high + 0.05), isShare: true),
            series: [LineChart.Series("validation", points, style: .points)],
            rules: [LineChart.Rule("commonest class \(share)", at: matrix.majorityBaseline)])
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

    private static func steps(of run: TrainingRun) -> Axis {
        Axis("step", range: 0...Double(max(1, run.start.steps + run.expectedSteps)), isWhole: true)
    }

    private static func rateChart(of run: TrainingRun, height: Int = 200) -> LineChart {
        LineChart(
            title: "Learning rate", x: steps(of: run), y: Axis("lr"),
            series: [LineChart.Series("lr", run.steps.map { (x: Double($0.step), y: Double($0.lr)) })],
            size: ChartSize(height: height))
    }

    /// Of several runs each begins at step 0.
    private static func normChart(of runs: [TrainingRun], height: Int = 200) -> LineChart {
        let isAlone = runs.count == 1
        let series = runs.map { run in
            let steps = isAlone ? run.steps[...] : run.ownSteps
            let shift = isAlone ? 0 : run.start.steps
            return LineChart.Series(
                isAlone ? "norm" : run.name,
                steps.map { (x: Double($0.step - shift), y: $0.gradientNorm) })
        }
        let clipped = runs.compactMap { run in
            run.clippedShare.map { share in
                (isAlone ? "" : "\(run.name): ")
                    + "\(NumberStyle.percent(0).text(share)) of the steps clipped"
            }
        }
        let limits = Set(runs.compactMap(\.clip).filter { $0 > 0 }).sorted()
        let total = runs.map { (isAlone ? $0.start.steps : 0) + $0.expectedSteps }.max() ?? 1
        return LineChart(
            title: "Gradient norm", subtitle: ["before clipping"] + clipped,
            x: Axis("step", range: 0...Double(max(1, total)), isWhole: true), y: Axis("norm"), series: series,
            rules: limits.map { limit in
                LineChart.Rule("clip \(NumberStyle.automatic.text(Double(limit)))", at: Double(limit))
            }, size: ChartSize(height: height))
    }
}
