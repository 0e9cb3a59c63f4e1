import Compute
import Testing

@testable import Learning

@Suite struct BatchNormTests {
    private let layout = Layout(lengths: [1, 1, 1, 1, 1])

    private static func norm() -> BatchNorm {
        let norm = BatchNorm(path: "classifier.norm", width: 4)
        for (index, parameter) in (norm.parameters + norm.buffers).enumerated() {
            for column in 0..<4 {
                parameter.writable().pointer[column] = 0.6 + 0.2 * Float(column) + 0.1 * Float(index)
            }
        }
        return norm
    }

    @Test func itPassesItsGradientOn() throws {
        let norm = Self.norm()
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(5, 4, seed: 2)], parameters: norm.parameters
        ) { $0.batchNorm($1[0], norm) }
    }

    /// As torch.nn.BatchNorm1d: mean 1.5 and variance 1.25 of a column 0…3, unbiased 5/3.
    @Test func runningStatisticsAreNotedAndNotWritten() {
        let norm = BatchNorm(path: "n", width: 1)
        let pass = Pass(Layout(lengths: [1, 1, 1, 1]), training: .init(seed: 1, step: 0))
        let out = pass.batchNorm(Tensor([0, 1, 2, 3], rows: 4, columns: 1), norm)
        #expect(abs(out[3, 0] - 1.5 / (1.25 + 1e-5 as Float).squareRoot()) < 1e-6)
        #expect(norm.runningMean.dense().floats == [0] && norm.runningVariance.dense().floats == [1])
        #expect(pass.renewed.count == 2)
        #expect(abs(pass.renewed[0].values.floats[0] - 0.15) < 1e-6)
        #expect(abs(pass.renewed[1].values.floats[0] - (0.9 + 0.1 * 5 / 3)) < 1e-6)
    }

    @Test func inEvaluationARowIsItsOwn() {
        let norm = Self.norm()
        let x = randomTensor(5, 4, seed: 3)
        let whole = Pass(layout).batchNorm(x, norm)
        let one = Pass(Layout(lengths: [1])).batchNorm(
            Tensor(Array(x.floats[8..<12]), rows: 1, columns: 4), norm)
        #expect(one.floats == Array(whole.floats[8..<12]))
    }
}
