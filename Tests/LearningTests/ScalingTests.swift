import Compute
import Testing

@testable import Learning

@Suite struct ScalingTests {
    private let layout = Layout(lengths: [5, 3])

    @Test func scalingPassesItsGradientOn() throws {
        let factors = randomParameter("l", [6, 1], seed: 1)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(8, 6, seed: 2)], parameters: [factors]
        ) { $0.scale($1[0], by: factors) }
    }

    /// Values that backward makes anew are read while they are there.
    @Test func scalingReadsWhatAnActivationMakesAnew() throws {
        let factors = randomParameter("l", [6, 1], seed: 8)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(8, 6, seed: 9)], parameters: [factors]
        ) { $0.scale($0.activate($1[0], .gelu), by: factors) }
    }

    @Test(arguments: [false, true], [WeightLayout.outByIn, .inByOut])
    func aLayerWithVectorsPassesItsGradientOnAndMerges(scalesInputs: Bool, layout: WeightLayout) throws {
        let shape = layout == .outByIn ? [5, 6] : [6, 5]
        let linear = Linear(
            path: "layer", weight: randomParameter("weight", shape, seed: 3),
            bias: randomParameter("bias", [5], seed: 4), layout: layout)
        let count = scalesInputs ? 6 : 5
        let hook = IA3(
            path: "layer", values: randomTensor(1, count, seed: 5).buffer, scalesInputs: scalesInputs)
        try expectGradientsMatch(
            layout: self.layout, inputs: [randomTensor(8, 6, seed: 6)], parameters: hook.parameters
        ) { try hook.apply(linear, to: $1[0], $0) }

        let merged = try #require(
            hook.merged(
                LinearValues(
                    weight: linear.weight.values().copy(), bias: linear.bias?.values().copy(), layout: layout,
                    inputs: 6, outputs: 5)))
        let plain = Linear(
            path: "layer", weight: Parameter(name: "weight", shape: shape, buffer: merged.weight),
            bias: merged.bias.map { Parameter(name: "bias", shape: [5], buffer: $0) }, layout: layout)
        let pass = Pass(self.layout)
        let x = randomTensor(8, 6, seed: 7)
        let (one, other) = (try hook.apply(linear, to: x, pass).floats, try plain(x, pass).floats)
        for (a, b) in zip(one, other) { #expect(abs(a - b) < 1e-5) }
    }
}
