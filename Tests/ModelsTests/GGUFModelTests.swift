import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Testing

@testable import Models

/// LLaMA from GGUF files as llama.cpp's converter writes them, against the logits of the safetensors they
/// come from.
@Suite struct GGUFModelTests {
    private static let parts = [
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down", "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    ]

    /// A GGUF file of the golden model: names, and the rows of queries and keys, their biases' as well, in
    /// llama.cpp's order.
    private static func write(
        _ folder: String, to path: String, scaling: [(String, GGUFValue)] = [], factors: [Float]? = nil
    ) throws {
        let config = try ModelLoader.config(path: folder)
        var writer = GGUFWriter(architecture: "llama")
        writer.metadata += [
            ("general.type", .string("model")), ("general.file_type", .uint32(0)),
            ("general.base_model.0.name", .string("tiny")),
            ("llama.embedding_length", .uint32(UInt32(config.width))),
            ("llama.block_count", .uint32(UInt32(config.blocks))),
            ("llama.feed_forward_length", .uint32(UInt32(config.feedForward))),
            ("llama.context_length", .uint32(UInt32(config.context))),
            ("llama.attention.head_count", .uint32(UInt32(config.heads))),
            ("llama.attention.head_count_kv", .uint32(UInt32(config.keyValueHeads))),
            ("llama.attention.key_length", .uint32(UInt32(config.headWidth))),
            ("llama.rope.dimension_count", .uint32(UInt32(config.headWidth))),
            ("llama.rope.freq_base", .float(Float(config.rotaryBase))),
            ("llama.attention.layer_norm_rms_epsilon", .float(config.normEpsilon)),
        ]
        writer.metadata += scaling.map { (key: $0, value: $1) }
        for tensor in try SafetensorsFile(path: "\(folder)/model.safetensors").tensors {
            let name = tensor.name.replacing("model.", with: "", maxReplacements: 1)
            let heads =
                name.contains("q_proj") ? config.heads : name.contains("k_proj") ? config.keyValueHeads : nil
            let values =
                heads.map { interleaved(tensor.floats(), heads: $0, of: tensor.shape) } ?? tensor.floats()
            writer.add(ggufName(name), shape: tensor.shape, values: values)
        }
        if let factors { writer.add("rope_freqs.weight", shape: [factors.count], values: factors) }
        try writer.write(to: path)
    }

    private static func ggufName(_ name: String) -> String {
        switch name {
        case "embed_tokens.weight": return "token_embd.weight"
        case "norm.weight": return "output_norm.weight"
        case "lm_head.weight": return "output.weight"
        default: break
        }
        let pieces = name.split(separator: ".")
        let middle = pieces[2..<pieces.count - 1].joined(separator: ".")
        return "blk.\(pieces[1]).\(parts[middle] ?? middle).\(pieces.last ?? "")"
    }

    /// `LlamaModel.permute` of llama.cpp's converter: (heads, 2, half, …) with the middle two exchanged.
    private static func interleaved(_ values: [Float], heads: Int, of shape: [Int]) -> [Float] {
        let columns = shape.count > 1 ? shape[1] : 1
        let half = shape[0] / heads / 2
        return (0..<shape[0]).flatMap { row -> [Float] in
            let (head, place) = (row / (2 * half), row % (2 * half))
            let source = head * 2 * half + (place % 2) * half + place / 2
            return Array(values[source * columns..<(source + 1) * columns])
        }
    }

    private static func logits(_ model: any LanguageModel, _ vocabulary: Int) throws -> [Float] {
        let ids = Golden.lengths.enumerated().flatMap { s, count in
            (0..<count).map { (i: Int) in Int32((7 * i * i + 13 * i + 5 * s + 3) % vocabulary) }
        }
        let pass = Pass(Layout(lengths: Golden.lengths))
        return try model.vocabularyLogits(model.hiddenStates(Tokens(ids: ids), pass), pass).floats
    }

    private static func temporary(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    /// What llama.cpp's converter writes of the golden model's llama3 scaling.
    private static func llama3Factors(_ config: ModelConfig) -> [Float] {
        (0..<config.headWidth / 2).map { pair in
            let wavelength =
                2 * Double.pi * pow(config.rotaryBase, Double(2 * pair) / Double(config.headWidth))
            if wavelength < 16 / 4 { return 1 }
            if wavelength > 16 / 1 { return 8 }
            let smooth = (16 / wavelength - 1) / (4 - 1)
            return Float(1 / ((1 - smooth) / 8 + smooth))
        }
    }

    @Test func biasesAndFactorsOfFrequenciesAreReadAsTheConverterWroteThem() throws {
        let folder = Golden.folder("llama3")
        let config = try ModelLoader.config(path: folder)
        let wanted = try #require(
            SafetensorsFile(path: "\(folder)/golden.st").tensor(named: "logits")
        ).floats()
        try Self.temporary { place in
            let path = "\(place)/tiny.gguf"
            try Self.write(folder, to: path, factors: Self.llama3Factors(config))
            for precision in [Precision.f32, .native] {
                let model = try ModelLoader.load(path: path, precision: precision)
                #expect(relativeError(try Self.logits(model, 61), wanted) < 1e-5)
            }
            // The config.json that is written of it means the same to whoever reads it.
            let family = try #require(ModelRegistry.family(named: "llama"))
            let model = try ModelLoader.load(path: path)
            try FileManager.default.copyItem(
                atPath: "\(folder)/model.safetensors", toPath: "\(place)/model.safetensors")
            try Data(JSON.object(family.reference(model.config)).utf8(indent: 1))
                .write(to: URL(filePath: "\(place)/config.json"))
            let again = try ModelLoader.load(path: "\(place)/model.safetensors")
            #expect(relativeError(try Self.logits(again, 61), wanted) < 1e-5)
        }
    }

    @Test func yarnIsReadAsLlamaCppComputesIt() throws {
        let folder = Golden.folder("../variants/llama-yarn")
        let wanted = try #require(
            SafetensorsFile(path: "\(folder)/golden.st").tensor(named: "logits")
        ).floats()
        try Self.temporary { place in
            try Self.write(
                folder, to: "\(place)/tiny.gguf",
                scaling: [
                    ("llama.rope.scaling.type", .string("yarn")), ("llama.rope.scaling.factor", .float(4)),
                    ("llama.rope.scaling.original_context_length", .uint32(16)),
                ])
            let model = try ModelLoader.load(path: "\(place)/tiny.gguf")
            #expect(relativeError(try Self.logits(model, 29), wanted) < 1e-4)
        }
    }

    @Test(arguments: [
        ("llama.rope.scaling.type", GGUFValue.string("longrope"), "longrope"),
        ("llama.rope.dimension_count", .uint32(4), "dimension_count"),
        ("llama.expert_count", .uint32(8), "expert_count"),
        ("llama.attention.scale", .float(0.5), "attention.scale"),
        ("llama.something_new", .uint32(1), "something_new"), ("split.count", .uint32(2), "split.count"),
        ("general.quantization_version", .uint32(1), "quantization_version"),
    ])
    func aHeaderThatMeansAnotherModelIsRefusedByName(key: String, value: GGUFValue, named: String) throws {
        try Self.temporary { place in
            let path = "\(place)/tiny.gguf"
            try Self.write(Golden.folder("llama"), to: path, scaling: [(key, value)])
            let problem = #expect(throws: Diagnostic.self) { try ModelLoader.load(path: path) }
            #expect(problem?.message.contains(named) == true)
        }
    }

    @Test func whatIsIgnoredIsGoneAndSaid() throws {
        try Self.temporary { place in
            let path = "\(place)/tiny.gguf"
            try Self.write(
                Golden.folder("llama"), to: path, scaling: [("llama.attention.scale", .float(0.5))])
            let opened = try ModelLoader.open(path: path, ignoring: ["llama.attention.scale"])
            #expect(opened.ignored == ["llama.attention.scale"])
            let wanted = try #require(
                SafetensorsFile(path: Golden.folder("llama") + "/golden.st").tensor(named: "logits"))
            #expect(relativeError(try Self.logits(opened.model, 61), wanted.floats()) < 1e-5)
        }
    }

    @Test func aTensorThatTheModelHasNoPlaceForIsRefused() throws {
        try Self.temporary { place in
            let path = "\(place)/tiny.gguf"
            try Self.write(Golden.folder("llama"), to: path, factors: nil)
            let known = try GGUFFile(path: path)
            var writer = GGUFWriter(architecture: "llama")
            writer.metadata += (known.metadata.object ?? [:]).compactMap { key, value in
                if key == "general.architecture" { return nil }
                let found: GGUFValue? =
                    value.string.map { .string($0) } ?? value.integer.map { .uint32(UInt32($0)) }
                    ?? value.number.map { .float(Float($0)) }
                return found.map { (key: key, value: $0) }
            }
            for tensor in known.tensors {
                writer.add(tensor.name, shape: tensor.shape, values: tensor.floats())
            }
            writer.add("blk.0.attn_q_norm.weight", shape: [8], values: Array(repeating: 1, count: 8))
            try writer.write(to: path)
            let problem = #expect(throws: Diagnostic.self) { try ModelLoader.load(path: path) }
            #expect(problem?.message.contains("attn_q_norm") == true)
            _ = try ModelLoader.load(path: path, ignoring: ["tensors"])
        }
    }
}
