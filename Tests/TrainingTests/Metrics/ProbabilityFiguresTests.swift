import Foundation
import Learning
import TestFixtures
import Testing

@testable import Training

/// Figures of classes beside scikit-learn's, which `Tests/Golden/make_class_figures.py` computed.
@Suite struct ProbabilityFiguresTests {
    struct Golden: Decodable {
        let truths: [Int]
        let probabilities: [[Double]]
        let figures: [String: Double]

        static func read() throws -> [String: Golden] {
            let file = GoldenFiles.folder.appending(path: "class-figures.json")
            return try JSONDecoder().decode([String: Golden].self, from: Data(contentsOf: file))
        }
    }

    private static func figures(_ golden: Golden) -> [String: Double?] {
        let (truths, rows) = (golden.truths, golden.probabilities)
        var matrix = ConfusionMatrix(labels: rows[0].indices.map { "\($0)" })
        var calibration = CalibrationError()
        for (truth, row) in zip(truths, rows) {
            let answer = row.indices.max { row[$0] < row[$1] } ?? 0
            matrix.add(truth: truth, prediction: answer)
            calibration.add(probability: row[answer], isRight: answer == truth)
        }
        let found = ProbabilityFigures(truths: truths, probabilities: rows)
        return [
            "accuracy": matrix.accuracy, "balanced_accuracy": matrix.balancedAccuracy,
            "matthews": matrix.matthews, "macro_precision": matrix.macroPrecision,
            "macro_recall": matrix.macroRecall, "macro_f1": matrix.macroF1,
            "weighted_precision": matrix.weightedPrecision, "weighted_recall": matrix.weightedRecall,
            "weighted_f1": matrix.weightedF1, "auc": found.auc, "weighted_auc": found.weightedAUC,
            "average_precision": found.averagePrecision, "brier": found.brier,
            "calibration_error": calibration.value,
        ]
    }

    @Test(arguments: ["two", "two_small", "three", "five_rare"])
    func theyAreScikitLearns(_ name: String) throws {
        let golden = try #require(try Golden.read()[name])
        let found = Self.figures(golden)
        for (figure, value) in golden.figures where figure != "log_loss" {
            let own = try #require(found[figure] ?? nil, "\(figure)")
            #expect(abs(own - value) < 1e-9, "\(figure) is \(own) in place of \(value)")
        }
    }

    /// A judge has log-probabilities in single precision.
    @Test(arguments: ["two", "three"])
    func aJudgeCountsThem(_ name: String) throws {
        let golden = try #require(try Golden.read()[name])
        var judge = ClassJudge(labels: golden.probabilities[0].indices.map { "\($0)" })
        let examples = golden.truths.enumerated().map { number, truth in
            EncodedExample(ids: [1], identity: UInt64(number), target: .label(truth))
        }
        let outputs = golden.probabilities.flatMap { $0.map { Float(log($0)) } }
        judge.add(
            Tensor(outputs, rows: examples.count, columns: golden.probabilities[0].count), examples,
            numbered: Array(examples.indices))
        let metrics = judge.metrics
        let probabilities = try #require(metrics.probabilities)
        #expect(abs(metrics.loss - (try #require(golden.figures["log_loss"]))) < 1e-5)
        #expect(abs(probabilities.brier - (try #require(golden.figures["brier"]))) < 1e-5)
        #expect(abs((probabilities.auc ?? 0) - (try #require(golden.figures["auc"]))) < 1e-3)
    }

    @Test func withoutTheOtherClassThereIsNoArea() {
        let one = ProbabilityFigures(truths: [1, 1], probabilities: [[0.2, 0.8], [0.6, 0.4]])
        #expect(one.auc == nil && one.weightedAUC == nil && one.averagePrecision == 1)
        let other = ProbabilityFigures(truths: [0, 0], probabilities: [[0.2, 0.8], [0.6, 0.4]])
        #expect(other.auc == nil && other.averagePrecision == nil)
        // A class that does not occur is in no mean.
        let missing = ProbabilityFigures(
            truths: [0, 1, 0], probabilities: [[0.7, 0.2, 0.1], [0.3, 0.6, 0.1], [0.5, 0.4, 0.1]])
        #expect(missing.auc == 1 && missing.weightedAUC == 1 && missing.averagePrecision == 1)
    }

    @Test func equalScoresCountHalf() {
        let figures = ProbabilityFigures(
            truths: [0, 1, 0, 1], probabilities: Array(repeating: [0.5, 0.5], count: 4))
        #expect(figures.auc == 0.5 && figures.averagePrecision == 0.5 && figures.brier == 0.25)
    }

    @Test func everyAnswerIsInABin() {
        let figures = ProbabilityFigures(
            truths: [0, 1, 1], probabilities: [[0.95, 0.05], [0.4, 0.6], [0.58, 0.42]])
        #expect(figures.reliability.map(\.count) == [0, 0, 0, 0, 0, 2, 0, 0, 0, 1])
        #expect(figures.reliability[5].right == 1 && figures.reliability[9].right == 1)
        #expect(abs(figures.reliability[5].probability - 1.18) < 1e-12)
    }
}
