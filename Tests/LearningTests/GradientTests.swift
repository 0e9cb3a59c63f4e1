import Compute
import Learning
import Testing

/// Every fused operation against finite differences, alone and split over workers.
@Suite struct GradientTests {
    private let layout = Layout(lengths: [5, 1, 7])
    private let rows = 13

    init() throws { try BLAS.prepare() }

    @Test(arguments: [WeightLayout.outByIn, .inByOut])
    func aLinearLayerPassesItsGradientOn(weightLayout: WeightLayout) throws {
        let weight = randomParameter("weight", weightLayout == .outByIn ? [6, 4] : [4, 6], seed: 1)
        let bias = randomParameter("bias", [6], seed: 2)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(rows, 4, seed: 3)], parameters: [weight, bias]
        ) { try $0.linear($1[0], weight: weight, bias: bias, layout: weightLayout) }
    }

    @Test func aWideLinearLayerGivesTheSameBytesForAnyNumberOfWorkers() throws {
        let layout = Layout(lengths: [800])
        let weight = randomParameter("weight", [500, 450], seed: 1)
        var tuning = Tuning()
        tuning.groups = [ParameterGroup([weight])]
        let x = randomTensor(800, 450, seed: 2)
        let results = try [1, 2, 8].map { count in
            let pass = Pass(
                layout, under: tuning, training: .init(seed: 1, step: 0), workers: Workers(count: count))
            let input = pass.tracked(x)
            let y = try pass.linear(input, weight: weight)
            try pass.backward(from: y, gradient: y.buffer.copy())
            return [y.floats, input.slot?.gradient?.floats ?? [], pass.gradient(of: weight)?.floats ?? []]
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
        #expect(!results[0][2].isEmpty)
    }

    @Test func aFrozenBaseGetsNoGradient() throws {
        let weight = randomParameter("weight", [6, 4], seed: 1)
        let pass = Pass(layout, training: .init(seed: 1, step: 0))
        let y = try pass.linear(randomTensor(rows, 4, seed: 3), weight: weight)
        #expect(!y.isTracked)
        try pass.backward(from: y, gradient: y.buffer)
        #expect(pass.gradient(of: weight) == nil)
    }

    @Test(arguments: [Float(0), 0.3])
    func loraPassesItsGradientOn(dropout: Float) throws {
        let weight = randomParameter("weight", [6, 4], seed: 1)
        let a = randomParameter("a", [3, 4], seed: 4)
        let b = randomParameter("b", [6, 3], seed: 5)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(rows, 4, seed: 3)], parameters: [a, b]
        ) {
            pass, inputs in
            let y = try pass.linear(inputs[0], weight: weight)
            return pass.addLowRank(
                to: y, from: inputs[0], a: a, b: b, scale: 2, dropout: dropout, at: RandomSite("x"))
        }
    }

    @Test(arguments: [0, 2, 4])
    func loraOnPartOfTheOutputsPassesItsGradientOn(offset: Int) throws {
        let weight = randomParameter("weight", [6, 4], seed: 1)
        let a = randomParameter("a", [3, 4], seed: 4)
        let b = randomParameter("b", [2, 3], seed: 5)
        try expectGradientsMatch(
            layout: layout, inputs: [randomTensor(rows, 4, seed: 3)], parameters: [a, b]
        ) {
            pass, inputs in
            let y = try pass.linear(inputs[0], weight: weight)
            return pass.addLowRank(
                to: y, from: inputs[0], a: a, b: b, scale: 2, dropout: 0.3, at: RandomSite("x"),
                offset: offset)
        }
    }

    @Test(arguments: Activation.allCases)
    func anActivationPassesItsGradientOn(activation: Activation) throws {
        let x = randomTensor(rows, 9, seed: 6)
        for index in 0..<x.count where abs(x.pointer[index]) < 0.05 { x.pointer[index] = 0.5 }  // relu's kink
        try expectGradientsMatch(layout: layout, inputs: [x]) { $0.activate($1[0], activation) }
    }

    @Test func aGatedUnitPassesItsGradientOn() throws {
        let inputs = [randomTensor(rows, 5, seed: 7), randomTensor(rows, 5, seed: 8)]
        try expectGradientsMatch(layout: layout, inputs: inputs) { $0.swiglu(gate: $1[0], up: $1[1]) }
    }

    @Test func normsPassTheirGradientOn() throws {
        let weight = randomParameter("weight", [8], seed: 9)
        let bias = randomParameter("bias", [8], seed: 10)
        let x = randomTensor(rows, 8, seed: 11)
        try expectGradientsMatch(layout: layout, inputs: [x], parameters: [weight, bias]) {
            $0.layerNorm($1[0], weight: weight, bias: bias, epsilon: 1e-5)
        }
        try expectGradientsMatch(layout: layout, inputs: [x], parameters: [weight]) {
            $0.rmsNorm($1[0], weight: weight, epsilon: 1e-5)
        }
    }

    @Test(arguments: [(4, 4, true), (4, 4, false), (6, 2, true)])
    func attentionPassesItsGradientOn(heads: Int, keyValueHeads: Int, isCausal: Bool) throws {
        let d = 4
        let shape = AttentionShape(
            heads: heads, keyValueHeads: keyValueHeads, headWidth: d, isCausal: isCausal)
        let inputs = [
            randomTensor(rows, heads * d, seed: 12), randomTensor(rows, keyValueHeads * d, seed: 13),
            randomTensor(rows, keyValueHeads * d, seed: 14),
        ]
        try expectGradientsMatch(layout: layout, inputs: inputs) {
            try $0.attention(q: Columns($1[0]), k: Columns($1[1]), v: Columns($1[2]), shape: shape)
        }
    }

    @Test func attentionOverSeveralBlocksPassesItsGradientOn() throws {
        let long = Layout(lengths: [150, 140])
        let shape = AttentionShape(heads: 2, headWidth: 3, isCausal: true)
        let qkv = randomTensor(290, 18, seed: 15)
        try expectGradientsMatch(layout: long, inputs: [qkv], workers: Workers(count: 2)) {
            try $0.attention(
                q: Columns($1[0]), k: Columns($1[0], offset: 6), v: Columns($1[0], offset: 12), shape: shape)
        }
    }

    @Test func rotationAndResidualPassTheirGradientOn() throws {
        let table = RotaryTable(frequencies: [1, 0.1])
        try expectGradientsMatch(layout: layout, inputs: [randomTensor(rows, 8, seed: 16)]) { pass, inputs in
            pass.add(inputs[0], pass.rotate(pass.activate(inputs[0], .tanh), heads: 2, table: table))
        }
    }

    @Test(arguments: Pooling.allCases)
    func poolingPassesItsGradientOn(pooling: Pooling) throws {
        try expectGradientsMatch(layout: layout, inputs: [randomTensor(rows, 5, seed: 17)]) {
            $0.pool($1[0], pooling)
        }
    }

    @Test func anEmbeddingGathersTheGradientOfEveryUse() throws {
        let table = randomParameter("table", [4, 3], seed: 18)
        let ids: [Int32] = [0, 1, 1, 2, 3, 3, 3, 0, 2, 1, 0, 0, 3]
        try expectGradientsMatch(layout: layout, inputs: [], parameters: [table]) { pass, _ in
            pass.embed(ids, table: table)
        }
    }

    @Test func dropoutPassesItsGradientOnAndKeepsTheMean() throws {
        try expectGradientsMatch(layout: layout, inputs: [randomTensor(rows, 6, seed: 19)]) {
            $0.dropout($1[0], p: 0.4, at: RandomSite("x"))
        }
        let wide = Layout(lengths: [200])
        let ones = Tensor([Float](repeating: 1, count: 200 * 100), rows: 200, columns: 100)
        let dropped = Pass(wide, training: .init(seed: 3, step: 1)).dropout(
            ones, p: 0.25, at: RandomSite("x")
        ).floats
        let zeros = Double(dropped.count { $0 == 0 }) / 20_000
        #expect(abs(zeros - 0.25) < 0.02)
        #expect(dropped.allSatisfy { $0 == 0 || abs($0 - 1 / 0.75) < 1e-6 })
    }

    @Test func aSiteDropsTheSameElementsHoweverOftenAndInWhateverOrder() {
        let ones = Tensor([Float](repeating: 1, count: rows * 40), rows: rows, columns: 40)
        let (first, second) = (RandomSite("a.lora_dropout"), RandomSite("b.lora_dropout"))
        func masks(_ sites: [RandomSite], step: Int) -> [[Float]] {
            let pass = Pass(layout, training: .init(seed: 3, step: step))
            return sites.map { pass.dropout(ones, p: 0.5, at: $0).floats }
        }
        let masks1 = masks([first, second, first], step: 1)
        #expect(masks1[0] == masks1[2])
        #expect(masks1[0] != masks1[1])
        #expect(masks([second, first], step: 1) == [masks1[1], masks1[0]])
        #expect(masks([first], step: 2) != [masks1[0]])
    }

    @Test func crossEntropyGivesItsOwnGradient() throws {
        let logits = randomTensor(5, 7, seed: 20)
        let labels: [Int32] = [0, 6, 3, 3, 1]
        let (losses, gradient) = CrossEntropy.learn(logits, labels: labels, factors: [1, 1, 0.5, 1, 2])
        #expect(losses == CrossEntropy.losses(of: logits, labels: labels))
        let read = Tensor(
            rows: 5, columns: 7, buffer: logits.buffer.copy(), isDisposable: true)
        let inPlace = CrossEntropy.learn(read, labels: labels, factors: [1, 1, 0.5, 1, 2])
        #expect(inPlace.gradient === read.buffer && inPlace.gradient.floats == gradient.floats)
        func loss() -> Double {
            zip(CrossEntropy.losses(of: logits, labels: labels), [1, 1, 0.5, 1, 2])
                .reduce(0) { $0 + Double($1.0) * $1.1 }
        }
        for index in 0..<35 {
            let kept = logits.pointer[index]
            logits.pointer[index] = kept + 1e-2
            let above = loss()
            logits.pointer[index] = kept - 1e-2
            let below = loss()
            logits.pointer[index] = kept
            #expect(abs((above - below) / 2e-2 - Double(gradient.pointer[index])) < 2e-3)
        }
    }
}
