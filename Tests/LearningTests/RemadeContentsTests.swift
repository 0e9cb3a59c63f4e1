import Compute
import Learning
import Testing

/// Outputs of norms and nonlinearities are computed again for the weight gradient of the layer that
/// reads them, in place of being kept.
@Suite struct RemadeContentsTests {
    private let layout = Layout(lengths: [5, 8])

    private static let operations: [(String, @Sendable (Pass, Tensor) -> Tensor)] = {
        let weight = randomParameter("weight", [8], seed: 2)
        let bias = randomParameter("bias", [8], seed: 3)
        return [
            ("layer norm", { $0.layerNorm($1, weight: weight, bias: bias, epsilon: 1e-5) }),
            ("rms norm", { $0.rmsNorm($1, weight: weight, epsilon: 1e-5) }),
            ("gelu", { $0.activate($1, .gelu) }),
            ("silu", { $0.activate($1, .silu) }),
            ("gated unit", { $0.swiglu(gate: $1, up: $1) }),
        ]
    }()

    @Test(arguments: 0..<5)
    func weightGradientsAreThoseOfTheContents(which: Int) throws {
        let (name, operation) = Self.operations[which]
        let weight = randomParameter("weight", [6, 8], seed: 4)
        let (a, b) = (randomParameter("a", [3, 8], seed: 5), randomParameter("b", [6, 3], seed: 6))
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(13, 8, seed: 7)], parameters: [weight, a, b]
        ) { pass, inputs in
            let x = operation(pass, inputs[0])
            let y = try pass.linear(x, weight: weight)
            return pass.addLowRank(to: y, from: x, a: a, b: b, scale: 2, dropout: 0, at: RandomSite("x"))
        }

        let pass = Pass(layout, training: Pass.Randomness(seed: 7, step: 3))
        weak var contents: Buffer?
        let y = try {
            let x = operation(pass, pass.tracked(randomTensor(13, 8, seed: 7)))
            contents = x.buffer
            return try pass.linear(x, weight: weight)
        }()
        #expect(y.isTracked)
        #expect(contents == nil, "the output of \(name) is kept")
    }
}
