import Compute
import Learning
import Testing

@testable import Training

@Suite struct SquaredErrorLossTests {
    private func learned(
        _ outputs: [Float], _ values: [Float], weights: [Float] = [1, 1, 1, 1], scale: Float = 1
    ) -> (sum: Double, gradient: [Float]) {
        var sum = 0.0
        let places = zip(values, weights).map { [Learned(.value($0), weight: $1)] }
        let gradient = SquaredErrorLoss().gradient(
            of: Tensor(outputs, rows: outputs.count, columns: 1), places, scale: scale, addingTo: &sum)
        return (sum, gradient.floats)
    }

    /// `(1 - 3)² + (2 - 2)² + (-1 - 0.5)²`, and twice the errors.
    @Test func itIsTheSquareOfTheError() {
        let (sum, gradient) = learned([1, 2, -1], [3, 2, 0.5], scale: 0.5)
        #expect(sum == 6.25 && gradient == [-2, 0, -1.5])
    }

    @Test func theGradientIsTheLossesSlope() {
        let (outputs, values): ([Float], [Float]) = ([0.4, -2, 3.5, 0], [1, -2.5, 3, 4])
        let weights: [Float] = [1, 0.5, 2, 3]
        let gradient = learned(outputs, values, weights: weights).gradient
        for index in outputs.indices {
            var (above, below) = (outputs, outputs)
            above[index] += 1e-2
            below[index] -= 1e-2
            let slope =
                (learned(above, values, weights: weights).sum - learned(below, values, weights: weights).sum)
                / 2e-2
            #expect(abs(slope - Double(gradient[index])) < 1e-3)
        }
    }

    @Test(arguments: ["bert", "llama-classes"])
    func tenStepsEqualTransformersHeadOfOneLabel(name: String) throws {
        try WeightSteps(of: FullMethod(), on: name, golden: "regression", values: [0.5, -1.25, 3]).check()
    }
}
