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
            total: runs.map { (runs.count == 1 ? $0.start.steps : 0) + $0.plannedSteps }.max() ?? 1,
            isLogarithmic: request.isLogarithmic)
        return runs.count == 1 ? [chart, rateChart(of: runs[0]), normChart(of: runs[0])] : [chart]
    }

    static let rate = Plot(name: "lr", summary: "learning rate by step") { request -> any Displayable in
        rateChart(of: try request.runs()[0], height: 240)
    }

    static let norm = Plot(name: "norm", summary: "gradient norm by step, before clipping") {
        request -> any Displayable in
        normChart(of: try request.runs()[0], height: 240)
    }

    static let accuracy = Plot(name: "accuracy", summary: "validation accuracy by epoch, with its interval") {
        request -> any Displayable in
        let run = try request.runs()[0]
        let untuned = run.untuned.map { [(0, $0.validation)] } ?? []
        let judged = untuned + run.epochs.compactMap { epoch in epoch.validation.map { (epoch.epoch, $0) } }
        guard let (_, last) = judged.last, let name = last.metrics.figures.first?.name else {
            throw Diagnostic(
                "no-validation", "the run had no validation examples", hint: "load the data with validation=…"
            )
        }
        let points = judged.map { epoch, result -> LineChart.Point in
            let interval = result.metrics.matrix?.accuracyInterval
            return LineChart.Point(
                Double(epoch), result.metrics.figures.first?.value ?? .nan, low: interval?.lowerBound,
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
        if isPrompted, runs.contains(where: { $0.epochs.contains { $0.validation != nil } }) {
            lines.append("train: over the answer's tokens · validation: over the classes")
        }
        return lines
    }

    /// Of several runs each begins at step 0.
    private static func curve(of run: TrainingRun, isAlone: Bool) -> LossChart.Run {
        let shift = isAlone ? 0 : run.start.steps
        let epochs = isAlone ? run.epochs[...] : run.ownEpochs
        // Before the first of all steps.
        let untuned = shift == 0 ? run.untuned.map { [(steps: 0, $0.validation)] } ?? [] : []
        let judged = epochs.compactMap { epoch in epoch.validation.map { (steps: epoch.steps - shift, $0) } }
        var curve = LossCurve(planned: (isAlone ? run.start.steps : 0) + run.plannedSteps)
        for step in isAlone ? run.steps[...] : run.ownSteps {
            curve.append(step: step.step - shift, loss: step.loss)
        }
        return LossChart.Run(
            run.name, curve,
            validation: (untuned + judged).map { LossCurve.Point(step: $0, loss: $1.loss) })
    }

    private static func ends(of run: TrainingRun, isAlone: Bool) -> [Int] {
        let shift = isAlone ? 0 : run.start.steps
        return (isAlone ? run.epochs[...] : run.ownEpochs).map { $0.steps - shift }.filter { $0 > 0 }
    }

    private static func steps(of run: TrainingRun) -> Axis {
        Axis("step", range: 0...Double(max(1, run.start.steps + run.plannedSteps)), isWhole: true)
    }

    private static func rateChart(of run: TrainingRun, height: Int = 200) -> LineChart {
        LineChart(
            title: "Learning rate", x: steps(of: run), y: Axis("lr"),
            series: [LineChart.Series("lr", run.steps.map { (x: Double($0.step), y: Double($0.lr)) })],
            size: ChartSize(height: height))
    }

    private static func normChart(of run: TrainingRun, height: Int = 200) -> LineChart {
        LineChart(
            title: "Gradient norm", subtitle: ["before clipping"], x: steps(of: run), y: Axis("norm"),
            series: [LineChart.Series("norm", run.steps.map { (x: Double($0.step), y: $0.gradientNorm) })],
            size: ChartSize(height: height))
    }
}
