import Testing

@testable import Training

@Suite struct ConfusionMatrixTests {
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
