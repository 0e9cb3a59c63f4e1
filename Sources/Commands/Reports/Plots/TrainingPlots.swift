import Diagnostics
import Display
import Training

extension Plot {
    static let loss = Plot(name: "loss", summary: "training loss by step, validation loss by epoch") {
        engine in
        let run = try engine.requiredRun(to: "plot")
        var series = [
            LineChart.Series("training", run.steps.map { (x: Double($0.step), y: $0.loss) }),
            LineChart.Series("training, smoothed", smoothed(run)),
        ]
        if run.steps.count < 20 { series.removeLast() }
        let validation = run.epochs.compactMap { epoch in
            epoch.validation.map { (x: Double(epoch.steps), y: $0.loss) }
        }
        if !validation.isEmpty { series.append(LineChart.Series("validation", validation, style: .points)) }
        return LineChart(
            title: "Loss of \(run.method) on \(run.data)", x: Axis("step"), y: Axis("loss", unit: "nats"),
            series: series)
    }

    static let rate = Plot(name: "lr", summary: "learning rate by step") { engine in
        let run = try engine.requiredRun(to: "plot")
        return LineChart(
            title: "Learning rate", x: Axis("step"), y: Axis("lr"),
            series: [LineChart.Series("lr", run.steps.map { (x: Double($0.step), y: Double($0.lr)) })])
    }

    static let accuracy = Plot(name: "accuracy", summary: "validation accuracy by epoch, with its interval") {
        engine in
        let run = try engine.requiredRun(to: "plot")
        let points = run.epochs.compactMap { epoch in
            epoch.validation.map { result in
                let interval = result.matrix.accuracyInterval
                return LineChart.Point(
                    Double(epoch.epoch), result.matrix.accuracy, low: interval.lowerBound,
                    high: interval.upperBound)
            }
        }
        guard !points.isEmpty else {
            throw Diagnostic(
                "no-validation", "the run had no validation examples", hint: "load the data with validation=…"
            )
        }
        return LineChart(
            title: "Validation accuracy", x: Axis("epoch"), y: Axis("accuracy"),
            series: [LineChart.Series("validation", points, style: .points)])
    }

    /// A running mean over about a fiftieth of the run.
    private static func smoothed(_ run: TrainingRun) -> [(x: Double, y: Double)] {
        let keep = 1 - 1 / max(5, Double(run.steps.count) / 50)
        var mean = run.steps.first?.loss ?? 0
        return run.steps.map { step in
            mean = keep * mean + (1 - keep) * step.loss
            return (x: Double(step.step), y: mean)
        }
    }
}
