import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

@testable import Interchange

/// LoRA in llama.cpp's adapter files.
@Suite struct ExportedAdapterTests {
    private static func written(
        _ loaded: LoadedModel, _ tuning: Tuning, as type: GGUFType = .f32, _ body: (GGUFFile) throws -> Void
    ) throws {
        try SharedFixtures.temporary { folder in
            let path = "\(folder)/adapter.gguf"
            _ = try GGUFAdapter(loaded, tuning, base: "someone/base").write(to: path, as: type)
            try body(try GGUFFile(path: path))
        }
    }

    @Test(arguments: ExportFixtures.models, [false, true])
    func whatLlamaCppAddsToTheBaseIsWhatWeMerge(name: String, isStabilised: Bool) throws {
        let loaded = try ExportFixtures.loaded(name)
        let tuning = try ExportFixtures.lora(
            on: loaded, ["alpha": .number(6), "rslora": .flag(isStabilised)])
        try SharedFixtures.temporary { folder in
            let (base, whole) = ("\(folder)/base.gguf", "\(folder)/whole.gguf")
            _ = try GGUFModel(loaded, nil, template: nil).write(to: base, as: .f32)
            _ = try GGUFModel(loaded, tuning, template: nil).write(to: whole, as: .f32)
            try Self.written(loaded, tuning) { adapter in
                #expect(adapter.metadata["general.type"] == "adapter")
                #expect(adapter.metadata["adapter.type"] == "lora")
                let alpha = try #require(adapter.metadata["adapter.lora.alpha"]?.number)
                let (before, after) = (try GGUFFile(path: base), try GGUFFile(path: whole))
                for tensor in before.tensors where tensor.shape.count == 2 {
                    var expected = tensor.floats()
                    if let a = adapter.tensor(named: "\(tensor.name).lora_a"),
                        let b = adapter.tensor(named: "\(tensor.name).lora_b")
                    {
                        #expect(a.shape == [3, tensor.shape[1]] && b.shape == [tensor.shape[0], 3])
                        Self.add(a.floats(), b.floats(), rank: 3, scale: Float(alpha / 3), to: &expected)
                    }
                    let found = try #require(after.tensor(named: tensor.name)).floats()
                    #expect(SharedFixtures.largestDifference(found, expected) < 1e-5, "\(tensor.name)")
                }
                #expect(adapter.names.count == 2 * tuning.linears.count)
            }
        }
    }

    /// `scale · B·A`, row by row of the file.
    private static func add(_ a: [Float], _ b: [Float], rank: Int, scale: Float, to values: inout [Float]) {
        let inputs = a.count / rank
        for output in 0..<b.count / rank {
            for input in 0..<inputs {
                var sum: Float = 0
                for k in 0..<rank { sum += b[output * rank + k] * a[k * inputs + input] }
                values[output * inputs + input] += scale * sum
            }
        }
    }

    @Test func thirdsOfAFusedLayerAreOnePair() throws {
        let loaded = try ExportFixtures.loaded("gpt2")
        let method = try LowRankMethod(["r": .count(2), "targets": .names(["q", "v"])])
        let tuning = try AttachedMethod(method, to: loaded, seed: 1).tuning
        for parameter in tuning.trainedParameters { parameter.fill(scale: 0.2, phase: 1) }
        try Self.written(loaded, tuning, as: .f16) { file in
            #expect(file.tensor(named: "blk.0.attn_qkv.weight.lora_a")?.shape == [4, 32])
            #expect(file.tensor(named: "blk.1.attn_qkv.weight.lora_b")?.shape == [96, 4])
        }
    }

    @Test func whatIsNoPlainPairIsRefusedByName() throws {
        let loaded = try ExportFixtures.loaded("llama")
        let methods: [any Method] = [
            try LowRankMethod(["dora": .flag(true)]), try LowRankMethod(["init": .word("pissa")]),
            try IA3Method([:]), try PromptTuningMethod(["tokens": .count(2)]), try FullMethod([:]),
        ]
        for method in methods {
            let tuning = try AttachedMethod(method, to: loaded, seed: 1).tuning
            let problem = #expect(throws: Diagnostic.self) { try Self.written(loaded, tuning) { _ in } }
            #expect(problem?.code == "not-in-gguf", "\(method.summary)")
        }
        let lora = try ExportFixtures.lora(on: loaded)
        let blocks = #expect(throws: Diagnostic.self) { try Self.written(loaded, lora, as: .q8_0) { _ in } }
        #expect(blocks?.code == "bad-value")
    }
}
