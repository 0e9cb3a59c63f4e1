import Diagnostics
import Display
import Training

extension Plot {
    static let calibration = Plot(
        name: "calibration", aliases: ["reliability"],
        summary: "how often answers of the last evaluation are right, by how sure they are"
    ) { request -> any Displayable in
        let result = try request.engine.requiredEvaluation(to: "plot")
        guard let probabilities = result.metrics.probabilities, let error = result.metrics.calibrationError
        else {
            throw Diagnostic(
                "no-probabilities", "the answers of the last evaluation have no probabilities to plot",
                hint: "evaluate a task that tells classes apart")
        }
        return ReliabilityChart(
            title: "Calibration",
            subtitle: [
                "\(result.title) · calibration error \(NumberStyle.significant(3).text(error))",
                "on the diagonal answers are as often right as they are sure · lines: 95% intervals",
            ],
            bins: probabilities.reliability.filter { $0.count > 0 }.map { bin in
                let interval = ConfusionMatrix.wilson(right: bin.right, of: bin.count)
                return ReliabilityChart.Bin(
                    probability: bin.probability / Double(bin.count),
                    share: Double(bin.right) / Double(bin.count), low: interval.lowerBound,
                    high: interval.upperBound, count: bin.count)
            })
    }
}
