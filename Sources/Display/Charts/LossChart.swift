import Foundation
import JSON

/// Losses by step: each step faint, smoothed bold in the same hue, validation as points with the best one ringed.
///
/// The upright range follows the smoothed and the validation losses: single spikes are cut off.
package struct LossChart: Chart, Hashable {
    package static let kind = "loss"

    package let title = "Loss"
    package let subtitle: [String]
    package var runs: [Run]
    /// Steps at which an epoch ended.
    package var epochs: [Int]
    /// Steps of the whole run, done or not.
    package var total: Int
    package var isLogarithmic: Bool
    package var size: ChartSize

    /// Points that a line has, about.
    private static let limit = 450

    package struct Run: Sendable, Hashable {
        package var name: String
        package var steps: [LineChart.Point]
        package var smoothed: [LineChart.Point]
        package var validation: [LineChart.Point]
        /// The step of the best validation; nil where none is the best.
        package var bestStep: Int?

        /// - `validation`: in the order of steps.
        package init(
            _ name: String, _ curve: LossCurve, validation: [LossCurve.Point] = [], bestStep: Int? = nil
        ) {
            self.bestStep = bestStep
            let samples = curve.thinned(to: LossChart.limit)
            self.name = name
            steps = samples.map { LineChart.Point(Double($0.step), $0.loss) }
            smoothed = samples.map { LineChart.Point(Double($0.step), $0.mean) }
            self.validation = validation.map { LineChart.Point(Double($0.step), $0.loss) }
        }

        /// The best validation, unless its loss is not finite.
        var best: LineChart.Point? {
            bestStep.flatMap { step in validation.first { $0.x == Double(step) && $0.y.isFinite } }
        }
    }

    package init(
        about lines: [String], runs: [Run], epochs: [Int], total: Int, isLogarithmic: Bool = false,
        size: ChartSize = ChartSize()
    ) {
        let hasValidation = runs.contains { !$0.validation.isEmpty }
        subtitle =
            lines + [
                "line: train, smoothed · faint: each step"
                    + (hasValidation ? " · points: validation, best ringed" : "")
            ]
        (self.runs, self.epochs, self.total) = (runs, epochs, max(1, total))
        (self.isLogarithmic, self.size) = (isLogarithmic, size)
    }

    /// What is shown of the losses.
    var range: ClosedRange<Double> {
        let leading = runs.flatMap { $0.smoothed + $0.validation }.map(\.y)
        let shown = leading.filter { $0.isFinite && (!isLogarithmic || $0 > 0) }
        guard let low = shown.min(), let high = shown.max() else { return 0...1 }
        if isLogarithmic { return low / 1.1...high * 1.1 }
        let room = high > low ? 0.08 * (high - low) : max(0.05, abs(high) * 0.1)
        return (low >= 0 ? max(0, low - room) : low - room)...high + room
    }

    package var rows: [JSON] {
        runs.flatMap { run in
            zip(run.steps, run.smoothed).map { step, mean -> JSON in
                [
                    "run": .string(run.name), "step": .number(step.x), "raw": JSON(finite: step.y),
                    "loss": JSON(finite: mean.y),
                ]
            }
                + run.validation.map { point -> JSON in
                    [
                        "run": .string(run.name), "step": .number(point.x),
                        "validation": JSON(finite: point.y),
                        "best": .bool(point == run.best),
                    ]
                }
        }
    }

    package static var example: LossChart {
        var curve = LossCurve(planned: 40)
        for step in 1...40 {
            curve.append(step: step, loss: 2 / Double(step).squareRoot() + 0.1 * sin(Double(step)))
        }
        let validation = [(0, 1.9), (20, 0.6), (40, 0.5)].map { LossCurve.Point(step: $0, loss: $1) }
        return LossChart(
            about: ["toy · LoRA r=8"], runs: [Run("train", curve, validation: validation, bestStep: 40)],
            epochs: [20, 40], total: 40)
    }
}

// MARK: - In words and dots

extension LossChart {
    package var summary: String {
        let style = NumberStyle.significant(3)
        let drawn = runs.flatMap(\.smoothed).filter { $0.y.isFinite }
        guard !drawn.isEmpty else { return (subtitle + ["no steps"]).joined(separator: "\n") }
        let shown = isLogarithmic ? log10(range.lowerBound)...log10(range.upperBound) : range
        func scaled(_ y: Double) -> Double { isLogarithmic ? (y > 0 ? log10(y) : .nan) : y }
        var curve = BrailleCurve(x: 0...Double(total), y: shown)
        for run in runs { curve.add(line: run.smoothed.map { ($0.x, scaled($0.y)) }) }
        for (index, run) in runs.enumerated() {
            curve.add(number: index + 1, of: runs.count, along: run.smoothed.map { ($0.x, scaled($0.y)) })
        }
        for run in runs {
            for point in run.validation {
                curve.add(mark: point == run.best ? "◉" : "●", at: (point.x, scaled(point.y)))
            }
        }
        let rules = ([0] + (epochs.isEmpty ? [total] : epochs)).map { Double($0) }
        let lines = curve.lines(style: isLogarithmic ? .fixed(2) : style, rules: rules, unit: "step")
        return (wordedSubtitle + lines + numbered(runs.map { words(of: $0, style) })).joined(separator: "\n")
    }

    private var wordedSubtitle: [String] {
        let hasValidation = runs.contains { !$0.validation.isEmpty }
        return subtitle.dropLast() + [
            "train, smoothed" + (hasValidation ? "; ● validation, ◉ best" : "")
                + (isLogarithmic ? "; log10 of the loss" : "")
        ]
    }

    /// `train: 0.694 to 0.421 in 126 steps; validation 0.472 at step 84, the best`
    private func words(of run: Run, _ style: NumberStyle) -> String {
        guard let first = run.smoothed.first, let last = run.smoothed.last else {
            return "\(run.name): no steps"
        }
        var text = "\(run.name): \(style.text(first.y)) to \(style.text(last.y)) at step "
        text += NumberStyle.automatic.text(last.x)
        if let best = run.best {
            text += "; best validation \(style.text(best.y)) at step \(NumberStyle.automatic.text(best.x))"
        }
        return text
    }
}
