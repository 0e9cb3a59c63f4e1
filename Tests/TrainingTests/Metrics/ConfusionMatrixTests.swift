import Testing

@testable import Training

@Suite struct ConfusionMatrixTests {
    /// The matrix that a paper on prompt tuning prints (TN 128, FP 10, FN 22, TP 140) gives other figures than its text.
    @Test func aPublishedMatrixGivesItsFigures() {
        let matrix = ConfusionMatrix(labels: ["negative", "positive"], counts: [[128, 10], [22, 140]])
        let figures = [
            (matrix.accuracy, 0.8933), (matrix.balancedAccuracy, 0.8959), (matrix.precision(1), 0.9333),
            (matrix.recall(1), 0.8642), (matrix.f1(1), 0.8974),
        ]
        for (figure, printed) in figures { #expect((figure * 1e4).rounded() / 1e4 == printed) }
    }

    /// As `precision_recall_fscore_support(truth, answer, average="macro")` of scikit-learn has it, whose classes are
    /// those that occur.
    @Test func aClassThatDoesNotOccurIsInNoMacroMean() {
        let matrix = ConfusionMatrix(labels: ["a", "b", "c"], counts: [[3, 1, 0], [2, 4, 0], [0, 0, 0]])
        #expect(abs(matrix.macroPrecision - 0.7) < 1e-12)
        #expect(abs(matrix.macroRecall - 0.7083333333333333) < 1e-12)
        #expect(abs(matrix.macroF1 - 0.696969696969697) < 1e-12)
        #expect(ConfusionMatrix(labels: ["a"]).macroF1 == 0)
    }
}
