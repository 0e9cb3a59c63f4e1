import Compute
import Foundation
import JSON
import Learning
import Models
import Testing

/// The two models of the registry against Transformers; skipped where they were not fetched.
@Suite struct RealModelTests {
    @Test(.enabled(if: Golden.realModel("minilm") != nil, "minilm is not in the cache"))
    func miniLMsHiddenStatesEqualTheReferences() throws {
        let model = try ModelLoader.load(path: try #require(Golden.realModel("minilm")))
        let wanted = try #require(Golden.real()["minilm"]?["hidden"]?.array)
        for (s, count) in [9, 60, 33, 120, 5, 18, 77, 40].enumerated() {
            let middle = (0..<count).map { (i: Int) in Int32((31 * i * i + 17 * i + 1009 * s) % 28000 + 1000)
            }
            let ids = [101] + middle + [102]
            let h = try model.hiddenStates(Tokens(ids: ids), Pass(Layout(lengths: [ids.count])))
            var sample: [Float] = []
            for row in stride(from: 0, to: ids.count, by: 7) {
                for column in stride(from: 0, to: 384, by: 29) { sample.append(h.floats[row * 384 + column]) }
            }
            let golden = try #require(wanted[s].array).map { Float($0.number ?? .nan) }
            #expect(zip(sample, golden).allSatisfy { abs($0 - $1) < 1e-4 })
            #expect(sample.count == golden.count)
        }
    }

    @Test(
        .enabled(if: Golden.realModel("smollm2") != nil, "smollm2 is not in the cache"),
        arguments: [Precision.f32, .native])
    func smolLM2sLogitsEqualTheReferences(precision: Precision) throws {
        let model = try ModelLoader.load(
            path: try #require(Golden.realModel("smollm2")), precision: precision)
        let ids = (0..<80).map { (i: Int) in Int32((31 * i * i + 17 * i) % 48000 + 20) }
        let pass = Pass(Layout(lengths: [80]))
        let logits = try model.vocabularyLogits(try model.hiddenStates(Tokens(ids: ids), pass), pass)
        var sample: [Float] = []
        for row in stride(from: 0, to: 80, by: 13) {
            for column in stride(from: 0, to: logits.columns, by: 997) {
                sample.append(logits.pointer[row * logits.columns + column])
            }
        }
        let golden = try #require(Golden.real()["smollm2"]?["logits"]?.array).map { Float($0.number ?? .nan) }
        #expect(sample.count == golden.count)
        #expect(zip(sample, golden).allSatisfy { abs($0 - $1) < 1e-3 })
    }
}
