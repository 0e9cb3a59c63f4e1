import Diagnostics
import Display
import Training

/// What runs are judged by before others, the accuracy as a rule, by epoch; of several runs each begins at epoch 0.
struct ScoreChart {
    private let runs: [Judged]

    /// A run's validations, each with the epoch after which it was.
    private struct Judged {
        let name: String
        let results: [(epoch: Double, result: EvaluationResult)]
        /// Whether what came before it was judged: then it is going to be.
        let isToBeJudged: Bool

        init(_ run: TrainingRun, isAlone: Bool) {
            name = run.name
            let begins = isAlone ? 0 : run.start.epochs
            // The untuned model is that before the first of all steps.
            let lines = isAlone || run.start.steps == 0 ? run.lines : run.ownLines
            isToBeJudged = run.lines.contains { $0.validation != nil }
            results = lines.compactMap { line in line.validation.map { (line.epoch - Double(begins), $0) } }
        }

        var last: EvaluationResult? { results.last?.result }

        var points: [LineChart.Point] {
            results.map { epoch, result in
                let figure = result.metrics.figures.first
                let interval = result.metrics.matrix?.accuracyInterval ?? figure?.interval
                return LineChart.Point(
                    epoch, figure?.value ?? .nan, low: interval?.lowerBound,
                    high: interval?.upperBound)
            }
        }
    }

    /// - Throws: `no-validation` that names the first run that was never judged.
    init(of runs: [TrainingRun]) throws {
        self.runs = runs.map { Judged($0, isAlone: runs.count == 1) }
        guard let bare = self.runs.first(where: { $0.last?.metrics.figures.first == nil }) else { return }
        guard !bare.isToBeJudged else {
            throw Diagnostic(
                "no-validation", "the run \(bare.name) was not judged yet",
                hint: "write resume, which goes on to its next validation")
        }
        throw Diagnostic(
            "no-validation", "the run \(bare.name) had no validation examples",
            hint: "load the data with validation=20%, then write train")
    }

    /// - `about`: the lines under the title.
    func chart(about lines: [String]) -> LineChart {
        let points = runs.map(\.points)
        let isAlone = runs.count == 1
        let last = runs.compactMap(\.last)
        let name = last.first?.metrics.figures.first?.name ?? ""
        let places = points.joined().map(\.x)
        let first = places.min() ?? 0
        let epochs = Axis(
            "epoch", range: first...max(places.max() ?? 1, first + 1), isWhole: true)
        let matrices = last.compactMap(\.metrics.matrix)
        guard matrices.count == runs.count else {
            return LineChart(
                title: "\(name) by epoch", subtitle: lines, x: epochs, y: Axis(name),
                series: zip(runs, points).map { run, points in
                    LineChart.Series(isAlone ? name : run.name, points, style: .points)
                })
        }
        let baselines = matrices.map(\.majorityBaseline)
        let levels = points.joined().flatMap { [$0.low ?? $0.y, $0.high ?? $0.y] } + baselines
        let (low, high) = (levels.min() ?? 0, levels.max() ?? 1)
        return LineChart(
            title: "Accuracy by epoch", subtitle: lines + ["\(texts(of: matrices)) · band: 95% interval"],
            x: epochs,
            y: Axis("accuracy", range: max(0, low - 0.05)...min(1, high + 0.05), isShare: true),
            series: zip(runs, points).map { run, points in
                LineChart.Series(isAlone ? "validation" : run.name, points, style: .points)
            }, rules: rules(of: matrices))
    }

    /// `100 validation texts`, `100 and 200 validation texts`
    private func texts(of matrices: [ConfusionMatrix]) -> String {
        let counts = Set(matrices.map(\.total)).sorted().map(\.grouped)
        return "\(counts.joined(separator: " and ")) validation \(counts == ["1"] ? "text" : "texts")"
    }

    /// The commonest class's share, once where it is the same for all.
    private func rules(of matrices: [ConfusionMatrix]) -> [LineChart.Rule] {
        let isOne = Set(matrices.map(\.majorityBaseline)).count == 1
        let shown = isOne ? Array(matrices.prefix(1)) : matrices
        return zip(runs, shown).map { run, matrix in
            let share = NumberStyle.share(of: matrix.total).text(matrix.majorityBaseline)
            return LineChart.Rule(
                (isOne ? "" : "\(run.name): ") + "commonest class \(share)", at: matrix.majorityBaseline)
        }
    }
}
