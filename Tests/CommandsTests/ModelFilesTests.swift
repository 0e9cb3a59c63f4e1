import Checkpoints
import Diagnostics
import Foundation
import JSON
import Learning
import Testing

@testable import Commands

/// What `model` and `open` make of the files beside the weights: used, or refused by name, or left out and said.
@Suite struct ModelFilesTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Golden/fixtures/models").path

    private static let words =
        [
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "a", "soup", "was", "train", "superb",
            "bleak", "lovely",
        ]

    /// A folder with a tiny model, a vocabulary of words and what a test puts beside them.
    ///
    /// - `edit`: keys of config.json; null takes one away.
    private func folder(
        of model: String = "bert", edit: JSONObject = [:], files: [String: JSON] = [:],
        head: (name: String, outputs: Int)? = nil, keeping: (String) -> Bool = { _ in true },
        _ body: (String) throws -> Void
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(
            atPath: "\(folder)/1_Pooling", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let source = "\(Self.golden)/\(model)"
        var tensors = try SafetensorsFile(path: "\(source)/model.safetensors").tensors.filter {
            keeping($0.name)
        }
        .map { (name: $0.name, shape: $0.shape, values: $0.floats()) }
        if let head {
            let values = (0..<head.outputs * 24).map { Float($0 % 7) / 10 }
            tensors.append(("\(head.name).weight", [head.outputs, 24], values))
            if head.name == "classifier" {
                tensors.append(("classifier.bias", [head.outputs], Array(values.prefix(head.outputs))))
            }
        }
        try SafetensorsWriter.write(tensors, to: "\(folder)/model.safetensors")
        var config = try #require(
            JSON(parsing: Data(contentsOf: URL(filePath: "\(source)/config.json"))).object)
        for (key, value) in edit { config[key] = value.isNull ? nil : value }
        for (name, json) in files.merging(["config.json": .object(config)], uniquingKeysWith: { $1 }) {
            try Data(json.utf8(indent: 1)).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        try Data(Self.words.joined(separator: "\n").utf8).write(to: URL(filePath: "\(folder)/vocab.txt"))
        try body(folder)
    }

    /// The folder's weights as 16-bit floats, or with one value of a tensor changed.
    private func rewrite(_ folder: String, halved: Bool, _ changed: String, to value: Float) throws {
        let path = "\(folder)/model.safetensors"
        let tensors = try SafetensorsFile(path: path).tensors.map { tensor in
            var values = tensor.floats()
            if tensor.name == changed { values[0] = value }
            return (name: tensor.name, shape: tensor.shape, values: values)
        }
        try SafetensorsWriter.write(tensors, to: path)
        guard halved else { return }
        var (header, data): (JSONObject, [UInt8]) = ([:], [])
        for tensor in tensors {
            let start = data.count
            for value in tensor.values {
                withUnsafeBytes(of: UInt16(value.bitPattern >> 16).littleEndian) { data += $0 }
            }
            header[tensor.name] = [
                "dtype": "BF16", "shape": .array(tensor.shape.map(JSON.integer)),
                "data_offsets": [.integer(start), .integer(data.count)],
            ]
        }
        let text = JSON.object(header).utf8()
        let length = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) }
        try Data(length + text + data).write(to: URL(filePath: path))
    }

    private static let odd: [(tensor: String, precision: String, halved: Bool, atOnce: Bool)] = [
        ("encoder.layer.1.output.LayerNorm.weight", "f32", false, true),
        ("encoder.layer.0.attention.self.key.bias", "native", true, true),
        ("encoder.layer.0.attention.self.key.weight", "f32", true, true),
        ("encoder.layer.0.attention.self.key.weight", "f32", false, false),
        ("encoder.layer.0.attention.self.key.weight", "native", true, false),
        ("embeddings.position_embeddings.weight", "f32", false, false),
    ]

    @Test(arguments: odd)
    func weightsThatAreNoNumbersAreNamed(
        tensor: String, precision: String, halved: Bool, atOnce: Bool
    ) throws {
        for value in [Float.nan, .infinity] {
            try folder { folder in
                let names = try SafetensorsFile(path: "\(folder)/model.safetensors").names
                let name = try #require(names.first { $0.hasSuffix(tensor) })
                try rewrite(folder, halved: halved, name, to: value)
                let bench = Bench()
                let opened = bench.problem("model \(folder) precision=\(precision)")
                #expect((opened != nil) == atOnce)
                let predicted = "load toy train=16 test=8\nevaluate max_length=8"
                let trained = "load toy train=16 test=8\nlora r=2\ntrain steps=1 max_length=8"
                for cell in atOnce ? [] : [predicted, trained] {
                    let found = bench.problem(cell)
                    #expect(found?.code == "not-finite" && found?.message.contains(tensor) == true, "\(cell)")
                    #expect(found?.hint != nil)
                }
                if let opened {
                    #expect(opened.code == "not-finite" && opened.message.contains(tensor))
                }
            }
        }
    }

    @Test func whatIsIgnoredMustBeInTheFiles() throws {
        let files: [String: JSON] = [
            "tokenizer_config.json": [
                "tokenizer_class": "BertTokenizer", "novel": 1,
                "added_tokens_decoder": ["0": ["content": "[PAD]", "special": true, "shiny": true]],
            ],
            "1_Pooling/config.json": ["pooling_mode_mean_tokens": true, "strange": 2],
            "modules.json": [["type": "sentence_transformers.models.Dense", "path": ""]],
        ]
        try folder(edit: ["of_tomorrow": 1], files: files) { folder in
            let known = "of_tomorrow,novel,added_tokens_decoder.0.shiny,strange,Dense"
            for verb in ["model", "open"] {
                #expect(Bench().problem("\(verb) \(folder) ignore=\(known)") == nil)
                let found = Bench().problem("\(verb) \(folder) ignore=\(known),of_tomorow")
                #expect(found?.code == "unknown-key" && found?.message.contains("of_tomorow") == true)
                #expect(found?.hint == "did you mean of_tomorrow?")
                #expect(Bench().problem("\(verb) \(folder) ignore=\(known),tensors")?.code == "unknown-key")
            }
        }
    }

    @Test func ofAModelThatSaysNoTypeTheMessageReadsWell() throws {
        try folder(edit: ["model_type": .null]) { folder in
            let found = Bench().problem("model \(folder)")
            #expect(found?.message == "config.json has no model_type, which says the architecture")
        }
    }

    private func text(_ bench: Bench, _ cell: String) throws -> String {
        try #require(bench.result(cell), "\(String(describing: bench.problem(cell)))").plain
    }

    @Test func aClassifierWithoutNamesOfClassesPredicts() throws {
        try folder(
            edit: ["architectures": ["BertForSequenceClassification"]], head: ("classifier", 3)
        ) { folder in
            let bench = Bench()
            let shown = try text(bench, "open \(folder)\npredict 'the soup was lovely'")
            #expect(shown.contains("LABEL_0") && shown.contains("LABEL_2"))
        }
    }

    @Test func theHeadOfAnotherTaskIsNoClassifier() throws {
        try folder(
            edit: ["architectures": ["BertForTokenClassification"]], head: ("classifier", 2)
        ) { folder in
            let problem = Bench().problem("open \(folder)")
            #expect(problem?.code == "wrong-task")
            #expect(problem?.message.contains("BertForTokenClassification") == true)
            // As a base it is as good as any, and the head is left out and said.
            let shown = try text(Bench(), "model \(folder)")
            #expect(shown.contains("left out: classifier.weight"))
        }
    }

    @Test func severalClassesOfOneTextAreRefusedAndIgnoringThatIsSaid() throws {
        try folder(edit: ["problem_type": "multi_label_classification"]) { folder in
            let problem = Bench().problem("model \(folder)")
            #expect(problem?.message.contains("problem_type is \"multi_label_classification\"") == true)
            #expect(problem?.hint?.contains("ignore=problem_type") == true)
            let shown = try text(Bench(), "model \(folder) ignore=problem_type")
            #expect(shown.contains("goes on without problem_type"))
        }
    }

    @Test func weightsThatAreQuantisedOutsideTheFilesFormatAreRefused() throws {
        try folder(edit: ["quantization_config": ["load_in_8bit": true]]) { folder in
            let problem = Bench().problem("model \(folder) ignore=quantization_config")
            #expect(problem?.message.contains("quantization_config") == true)
            #expect(problem?.hint == nil)
        }
    }

    private static let poolings: [(said: JSON, wanted: Pooling?)] = [
        (["pooling_mode_mean_tokens": true], .mean), (["pooling_mode_cls_token": true], .cls),
        (["pooling_mode_lasttoken": true, "pooling_mode_cls_token": false], .last),
        (["pooling_mode": "lasttoken"], .last), (["pooling_mode": "mean"], .mean), ([:], .mean),
        (["pooling_mode": ["cls"], "include_prompt": true], .cls), (["pooling_mode_max_tokens": true], nil),
        (["pooling_mode_mean_sqrt_len_tokens": true], nil), (["pooling_mode_weightedmean_tokens": true], nil),
        (["pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true], nil),
        (["pooling_mode": "max"], nil), (["pooling_mode": "sum"], nil),
        (["pooling_mode_mean_tokens": "no"], nil), (["pooling_mode_middle_token": true], nil),
    ]

    @Test(arguments: poolings)
    func poolingIsTheFilesOrRefusedByName(said: JSON, wanted: Pooling?) throws {
        try folder(files: ["1_Pooling/config.json": said]) { folder in
            guard let wanted else {
                let problem = Bench().problem("model \(folder)")
                #expect(problem?.message.contains("1_Pooling/config.json") == true)
                return
            }
            let line = try text(Bench(), "model \(folder)").split(separator: "\n").first {
                $0.contains("pooling")
            }
            #expect(line?.contains(wanted.rawValue) == true)
        }
    }

    @Test func poolingThatIsAskedForTakesThePlaceOfOneThatIsNotOurs() throws {
        try folder(files: ["1_Pooling/config.json": ["pooling_mode_max_tokens": true]]) { folder in
            #expect(Bench().problem("model \(folder)")?.hint?.contains("pooling=mean") == true)
            #expect(Bench().problem("model \(folder) pooling=mean") == nil)
        }
    }

    @Test func modulesAreUsedOrSaidOrRefused() throws {
        func modules(_ kinds: String...) -> JSON {
            .array(
                kinds.enumerated().map {
                    [
                        "idx": .integer($0), "name": .string("\($0)"), "path": "",
                        "type": .string("sentence_transformers.models.\($1)"),
                    ]
                })
        }
        try folder(files: ["modules.json": modules("Transformer", "Pooling", "Normalize")]) { folder in
            let shown = try text(Bench(), "model \(folder)")
            #expect(shown.contains("Normalize"))
        }
        try folder(files: ["modules.json": modules("Transformer", "Pooling", "Dense")]) { folder in
            let problem = Bench().problem("model \(folder)")
            #expect(problem?.message.contains("Dense") == true)
            let shown = try text(Bench(), "model \(folder) ignore=Dense")
            #expect(shown.contains("goes on without Dense"))
        }
    }

    @Test func aPromptThatTheReferencePutsBeforeEveryTextIsRefused() throws {
        try folder(
            files: [
                "config_sentence_transformers.json": [
                    "prompts": ["query": "q: "], "default_prompt_name": "query",
                ]
            ]
        ) { folder in
            #expect(Bench().problem("model \(folder)")?.message.contains("default_prompt_name") == true)
        }
    }

    @Test(arguments: ["bert", "gpt2", "llama"])
    func aBareModelIsTunedAndSavedAsAClassifier(family: String) throws {
        let names = ["bert": "BertModel", "gpt2": "GPT2Model", "llama": "LlamaModel"]
        let edit: JSONObject = [
            "architectures": [.string(names[family] ?? "")], "tie_word_embeddings": .bool(family != "llama"),
        ]
        func isBase(_ name: String) -> Bool { !name.hasPrefix("cls.") && !name.hasPrefix("lm_head") }
        let files: [String: JSON] = ["tokenizer_config.json": ["tokenizer_class": "BertTokenizer"]]
        try folder(of: family, edit: edit, files: files, keeping: isBase) { folder in
            let bench = Bench()
            let tuned =
                "model \(folder)\nload toy train=8 test=8\nfull\ntrain steps=2 max_length=8\nsave \(folder)/m"
            #expect(bench.problem(tuned) == nil)
            let written = try JSON(parsing: Data(contentsOf: URL(filePath: "\(folder)/m/config.json")))
            let class0 = written["architectures"]?[0]?.string
            #expect(class0?.hasSuffix("ForSequenceClassification") == true)
            #expect(Bench().problem("open \(folder)/m\npredict 'the soup was lovely'") == nil)
        }
    }

    @Test func thePlanSaysThatTheBasesDropoutStaysOff() throws {
        try folder(edit: ["hidden_dropout_prob": 0.25, "attention_probs_dropout_prob": 0.0]) { folder in
            let bench = Bench()
            bench.run("model \(folder)\nload toy train=8 test=8\nlora r=2\ntrain steps=1")
            let shown = bench.output.events.compactMap { event in
                if case .display(let bundle, id: nil) = event {
                    bundle.data["text/html"]?.string
                } else {
                    nil
                }
            }
            #expect(shown.contains { $0.contains("dropout (hidden_dropout_prob 0.25) stays off") })
        }
    }
}
