import Datasets
import Diagnostics
import Foundation

/// What a tuned model has to beat: TF-IDF with logistic regression, and the commonest class; both learned from the
/// training part alone, and judged as a model is.
package struct TextBaseline: Sendable {
    /// How terms are counted and weighed.
    package struct Settings: Sendable, Hashable {
        package var orders = 1...1
        package var least = TermWeights.LeastTexts.count(1)
        package var strength = 1.0

        package init(
            orders: ClosedRange<Int> = 1...1, least: TermWeights.LeastTexts = .count(1), strength: Double = 1
        ) {
            (self.orders, self.least, self.strength) = (orders, least, strength)
        }
    }

    /// Always the class that is commonest among the training texts, as sure as it is common there.
    package var commonest: EvaluationResult
    package var linear: EvaluationResult
    /// Terms that count, steps that were made, and texts that were learned from.
    package var terms: Int
    package var steps: Int
    package var isConverged: Bool
    package var learned: Int

    /// - Throws: `no-examples`; `single-class`; `no-terms`; `Interrupted`.
    package init(
        of dataset: Dataset, on split: Split, _ settings: Settings, interruption: Interruption
    ) throws {
        let train = dataset.train.filter { $0.label != nil }
        let judged = dataset[split].indices.filter { dataset[split][$0].label != nil }
        for (part, isEmpty) in [(Split.train, train.isEmpty), (split, judged.isEmpty)] where isEmpty {
            throw Diagnostic(
                "no-examples", "the data set \(dataset.name) has no \(part.rawValue) examples",
                hint: "load it with \(part.rawValue)=…, or choose another part with on=…")
        }
        let counts = dataset.counts(in: .train)
        let present = counts.indices.filter { counts[$0] > 0 }
        guard present.count > 1 else {
            throw Diagnostic(
                "single-class",
                "all training texts are of the class \(ClassMatch.named(dataset.labels[present[0]])): there is nothing to tell apart",
                hint: "load more of them with train=")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let (weights, rows) = try TermWeights.fitted(
            to: train.map(Self.text), orders: settings.orders, least: settings.least,
            interruption: interruption)
        let places = Dictionary(uniqueKeysWithValues: present.enumerated().map { ($1, $0) })
        let regression = try LogisticRegression(
            rows, labels: train.compactMap { $0.label.flatMap { places[$0] } }, classes: present.count,
            strength: settings.strength, interruption: interruption)
        let examples = judged.map { dataset[split][$0] }
        let own = regression.logProbabilities(
            try weights.rows(examples.map(Self.text), interruption: interruption))
        let seconds = (clock.now - start).inSeconds
        // A class without a training text is as unlikely as single precision can say beside 1.
        let rarest = Double(Float.ulpOfOne)
        let shares = counts.map { log(max(rarest, Double($0) / Double(train.count))) }
        func result(_ values: [[Double]], _ seconds: Double) -> EvaluationResult {
            let answers = zip(examples, values).enumerated().map { number, pair in
                Answer(
                    number: number, values: pair.1.map(Float.init), truth: pair.0.label.map(Target.label))
            }
            return EvaluationResult(dataset, split, answers: answers, places: judged, seconds: seconds)
        }
        commonest = result(Array(repeating: shares, count: examples.count), 0)
        linear = result(
            own.map { row in
                counts.indices.map { label in places[label].map { row[$0] } ?? log(rarest) }
            }, seconds)
        (terms, steps, isConverged) = (weights.count, regression.steps, regression.isConverged)
        learned = train.count
    }

    /// Both texts of a pair as one.
    private static func text(_ example: Example) -> String {
        example.pair.map { "\(example.text)\n\($0)" } ?? example.text
    }
}

extension EvaluationResult {
    /// Of answers that no model of ours gave.
    ///
    /// - `places`: of the answers in the part.
    init(_ dataset: Dataset, _ split: Split, answers: [Answer], places: [Int], seconds: Double) {
        self.init(
            data: dataset.name, split: split,
            metrics: Metrics(classesOf: answers, labels: dataset.labels), seconds: seconds)
        texts = answers.compactMap { answer in
            answer.truth?.label.map { truth in
                JudgedText(
                    index: places[answer.number], truth: truth, answer: answer.prediction,
                    logTruth: answer.values[truth], logAnswer: answer.values[answer.prediction], tokens: 0,
                    cut: 0)
            }
        }
    }
}
