import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// How many values methods train of models as they are published, the classifier's aside.
@Suite struct PublishedCountsTests {
    /// (method, BERT-base, GPT-2 small, SmolLM2-135M); nil where it is refused.
    ///
    /// BitFit's are the paper's 0.09% of BERT-base, the norms' LN-tuning's 0.03%; the last block's is Raschka's, with
    /// BERT's pooler; LoRA's, IA3's and VeRA's are PEFT's, and so are the soft prompts', of 20 virtual tokens; ReFT's are
    /// 2dr + r a block and end.
    private static let table: [(method: any Method.Type, bert: Int?, gpt2: Int?, smollm2: Int?)] = [
        (LastMethod.self, 7_678_464, 7_089_408, 3_540_672), (HeadMethod.self, 0, 0, 0),
        (BitFitMethod.self, 102_912, 102_144, nil), (NormsMethod.self, 38_400, 38_400, 35_136),
        (LowRankMethod.self, 294_912, 294_912, 460_800), (IA3Method.self, 64_512, 64_512, 57_600),
        (VeRAMethod.self, 24_576, 30_720, 38_400),
        (PromptTuningMethod.self, 15_360, 15_360, 11_520),
        (PrefixTuningMethod.self, 368_640, 368_640, 230_400),
        (ReFTMethod.self, 147_552, 147_552, 276_720),
    ]

    /// The LLaMA-2 study's counts at 7B, and what PEFT trains of it by a prefix, with layers and without.
    @Test func softPromptsOfLLaMA2() throws {
        try ShapedModels.with("llama2") { model in
            func count(_ method: any Method) throws -> Int {
                try method.tuning(of: model, seed: 1).trainedParameters.reduce(0) { $0 + $1.count }
            }
            for (tokens, prompt) in [(8, 32_768), (25, 102_400), (80, 327_680)] {
                let rows = try count(PromptTuningMethod(["tokens": .count(tokens)]))
                let prefix = try count(PrefixTuningMethod(["tokens": .count(tokens)]))
                #expect(rows == prompt && prefix == 64 * prompt)
            }
            let projected: [String: SettingValue] = [
                "tokens": .count(8), "projection": .flag(true), "hidden": .count(16),
            ]
            let layers = 4096 * 16 + 16 + (16 + 1) * 2 * 32 * 4096
            let found = try count(PrefixTuningMethod(projected))
            #expect(found == 32_768 + layers)
        }
    }

    @Test(arguments: ["bert", "gpt2", "smollm2"]) func asManyAsIsPublished(name: String) throws {
        try ShapedModels.with(name) { model in
            let known = ["bert": 109_482_240, "gpt2": 124_439_808, "smollm2": 134_515_008]
            #expect(model.store.valueCount == known[name])
            for row in Self.table {
                let wanted = name == "bert" ? row.bert : name == "gpt2" ? row.gpt2 : row.smollm2
                let tuning = try? row.method.init().tuning(of: model, seed: 1)
                let found = tuning?.trainedParameters.reduce(0) { $0 + $1.count }
                #expect(found == wanted, "\(row.method.declaration.name) of \(name)")
            }
        }
    }
}

/// Models of published shapes without their weights: files with holes, which take no room.
enum ShapedModels {
    static func with(_ name: String, _ body: (any LanguageModel) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (config, tensors) =
            name == "bert" ? bert : name == "gpt2" ? gpt2 : name == "smollm2" ? smollm2 : llama2
        try Data(config.utf8()).write(to: folder.appending(path: "config.json"))
        var (header, end) = (JSONObject(), 0)
        for (tensor, shape) in tensors {
            let bytes = 4 * shape.reduce(1, *)
            header[tensor] = [
                "dtype": "F32", "shape": .array(shape.map(JSON.integer)),
                "data_offsets": [.integer(end), .integer(end + bytes)],
            ]
            end += bytes
        }
        // Padded as safetensors' own writer pads it: values that lie askew would be copied.
        var text = Data(JSON.object(header).utf8())
        text.append(contentsOf: [UInt8](repeating: 0x20, count: 63 - (text.count + 7) % 64))
        let file = folder.appending(path: "model.safetensors")
        var start = Data()
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { start.append(contentsOf: $0) }
        try (start + text).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(start.count + text.count + end))
        try handle.close()
        try body(ModelLoader.load(path: folder.path))
    }

    private typealias Shaped = (config: JSON, tensors: [(String, [Int])])

    /// A weight and a bias.
    private static func layer(_ path: String, _ shape: [Int], bias: Int) -> [(String, [Int])] {
        [("\(path).weight", shape), ("\(path).bias", [bias])]
    }

    private static let bert: Shaped = {
        let (width, inner) = (768, 3072)
        var tensors: [(String, [Int])] = [
            ("embeddings.word_embeddings.weight", [30522, width]),
            ("embeddings.position_embeddings.weight", [512, width]),
            ("embeddings.token_type_embeddings.weight", [2, width]),
        ]
        tensors += layer("embeddings.LayerNorm", [width], bias: width)
        for block in 0..<12 {
            let path = "encoder.layer.\(block)"
            for name in ["attention.self.query", "attention.self.key", "attention.self.value"] {
                tensors += layer("\(path).\(name)", [width, width], bias: width)
            }
            tensors += layer("\(path).attention.output.dense", [width, width], bias: width)
            tensors += layer("\(path).attention.output.LayerNorm", [width], bias: width)
            tensors += layer("\(path).intermediate.dense", [inner, width], bias: inner)
            tensors += layer("\(path).output.dense", [width, inner], bias: width)
            tensors += layer("\(path).output.LayerNorm", [width], bias: width)
        }
        tensors += layer("pooler.dense", [width, width], bias: width)
        let config: JSON = [
            "model_type": "bert", "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
            "intermediate_size": 3072, "vocab_size": 30522, "max_position_embeddings": 512,
        ]
        return (config, tensors)
    }()

    private static let gpt2: Shaped = {
        let width = 768
        var tensors: [(String, [Int])] = [("wte.weight", [50257, width]), ("wpe.weight", [1024, width])]
        for block in 0..<12 {
            tensors += layer("h.\(block).ln_1", [width], bias: width)
            tensors += layer("h.\(block).attn.c_attn", [width, 3 * width], bias: 3 * width)
            tensors += layer("h.\(block).attn.c_proj", [width, width], bias: width)
            tensors += layer("h.\(block).ln_2", [width], bias: width)
            tensors += layer("h.\(block).mlp.c_fc", [width, 4 * width], bias: 4 * width)
            tensors += layer("h.\(block).mlp.c_proj", [4 * width, width], bias: width)
        }
        tensors += layer("ln_f", [width], bias: width)
        let config: JSON = [
            "model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257,
            "n_positions": 1024,
        ]
        return (config, tensors)
    }()

    private static let smollm2 = llama(
        width: 576, narrow: 192, inner: 1536, blocks: 30, vocabulary: 49152,
        [
            "num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 8192,
            "tie_word_embeddings": true,
        ])

    private static let llama2 = llama(
        width: 4096, narrow: 4096, inner: 11_008, blocks: 32, vocabulary: 32_000,
        ["num_attention_heads": 32, "max_position_embeddings": 4096, "tie_word_embeddings": true])

    private static func llama(
        width: Int, narrow: Int, inner: Int, blocks: Int, vocabulary: Int, _ more: JSONObject
    ) -> Shaped {
        var tensors: [(String, [Int])] = [("model.embed_tokens.weight", [vocabulary, width])]
        for block in 0..<blocks {
            let path = "model.layers.\(block)"
            tensors += [
                ("\(path).self_attn.q_proj.weight", [width, width]),
                ("\(path).self_attn.k_proj.weight", [narrow, width]),
                ("\(path).self_attn.v_proj.weight", [narrow, width]),
                ("\(path).self_attn.o_proj.weight", [width, width]),
                ("\(path).mlp.gate_proj.weight", [inner, width]),
                ("\(path).mlp.up_proj.weight", [inner, width]),
                ("\(path).mlp.down_proj.weight", [width, inner]),
                ("\(path).input_layernorm.weight", [width]),
                ("\(path).post_attention_layernorm.weight", [width]),
            ]
        }
        tensors.append(("model.norm.weight", [width]))
        var config: JSONObject = [
            "model_type": "llama", "hidden_size": .integer(width), "num_hidden_layers": .integer(blocks),
            "intermediate_size": .integer(inner), "vocab_size": .integer(vocabulary),
        ]
        for (key, value) in more { config[key] = value }
        return (.object(config), tensors)
    }
}
