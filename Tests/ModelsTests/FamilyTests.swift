import Checkpoints
import Compute
import Foundation
import JSON
import Learning
import Models
import Testing

/// Logits and gradients of every family against Transformers.
@Suite struct FamilyTests {
    @Test(arguments: Golden.families)
    func logitsEqualTheReferences(family: String) throws {
        let model = try ModelLoader.load(path: Golden.folder(family), precision: .f32)
        let pass = Pass(Layout(lengths: Golden.lengths))
        let h = try model.hiddenStates(Tokens(ids: Golden.sequences.flatMap { $0 }), pass)
        let logits = try model.vocabularyLogits(h, pass).floats
        let golden = try SafetensorsFile(path: Golden.folder(family) + "/golden.st")
        let wanted = try #require(golden.tensor(named: "logits")).floats()
        #expect(relativeError(logits, wanted) < 1e-5)
    }

    @Test(arguments: Golden.families)
    func everyGradientEqualsTheReferences(family: String) throws {
        let model = try ModelLoader.load(path: Golden.folder(family), precision: .f32)
        var tuning = Tuning(reach: .embeddings)
        tuning.groups = [ParameterGroup(model.store.parameters)]
        let pass = Pass(Layout(lengths: Golden.lengths), under: tuning, training: .init(seed: 1, step: 0))
        let h = try model.hiddenStates(Tokens(ids: Golden.sequences.flatMap { $0 }), pass)
        let (rows, labels) = Self.targets(isCausal: model.isCausal, pass.layout)
        let logits = try model.vocabularyLogits(pass.gather(h, rows: rows), pass)
        let factors = [Float](repeating: 1 / Float(rows.count), count: rows.count)
        let gradient = CrossEntropy.learn(logits, labels: labels, factors: factors).gradient
        try pass.backward(from: logits, gradient: gradient)

        let golden = try SafetensorsFile(path: Golden.folder(family) + "/golden.st")
        var compared = 0
        for name in golden.names where name.hasPrefix("gradient.") {
            let path = name.dropFirst("gradient.".count)
            let own =
                path.hasPrefix(model.taskPrefix)
                ? String(path.dropFirst(model.taskPrefix.count)) : String(path)
            let parameter = try #require(model.store[own], "\(own) is not a parameter here")
            let wanted = try #require(golden.tensor(named: name)).floats()
            // Keys' biases move no softmax: their gradient is nothing but rounding.
            guard wanted.map(abs).max() ?? 0 > 1e-6 else { continue }
            let found = try #require(pass.gradient(of: parameter), "\(own) has no gradient").floats
            #expect(relativeError(Array(found.prefix(wanted.count)), wanted) < 1e-4, "\(own)")
            compared += 1
        }
        #expect(compared >= 20)
    }

    @Test func resultsDoNotDependOnTheBatchAround() throws {
        let model = try ModelLoader.load(path: Golden.folder("llama3"))
        func states(_ sequences: [[Int32]]) throws -> [Float] {
            let pass = Pass(Layout(lengths: sequences.map(\.count)))
            return try model.hiddenStates(Tokens(ids: sequences.flatMap { $0 }), pass).floats
        }
        let together = try states(Golden.sequences)
        let apart = try Golden.sequences.flatMap { try states([$0]) }
        #expect(relativeError(together, apart) < 1e-5)
    }

    @Test func aSharedBeginningComputedOnceChangesNothing() throws {
        for family in ["llama3", "gpt2"] {
            let model = try ModelLoader.load(path: Golden.folder(family))
            let start = Golden.sequences[0]
            let rests: [[Int32]] = [[5, 9, 1], [40, 2]]
            let whole = Pass(Layout(lengths: rests.map { $0.count + start.count }))
            let full = try model.hiddenStates(Tokens(ids: rests.flatMap { start + $0 }), whole)
            let cache = PrefixCache()
            let filling = Pass(Layout(lengths: [start.count]))
            filling.prefix = cache
            _ = try model.hiddenStates(Tokens(ids: start), filling)
            cache.finishFilling()
            let pass = Pass(Layout(lengths: rests.map(\.count), offset: start.count))
            pass.prefix = cache
            let short = try model.hiddenStates(Tokens(ids: rests.flatMap { $0 }), pass)
            let width = model.config.width
            let wanted = Array(full.floats[start.count * width..<(start.count + 3) * width])
            #expect(relativeError(Array(short.floats.prefix(3 * width)), wanted) < 1e-5, "\(family)")
        }
    }

    /// Every next token, or every token itself for BERT.
    private static func targets(isCausal: Bool, _ layout: Layout) -> (rows: [Int], labels: [Int32]) {
        var rows: [Int] = []
        var labels: [Int32] = []
        for (index, sequence) in Golden.sequences.enumerated() {
            let shift = isCausal ? 1 : 0
            for position in 0..<sequence.count - shift {
                rows.append(layout.starts[index] + position)
                labels.append(sequence[position + shift])
            }
        }
        return (rows, labels)
    }
}
