import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

/// LoRA's variants beside PEFT: ten steps of each from the same start (`Tests/Golden/make_peft_lora.py`).
@Suite struct LoRAVariantTests {
    struct Variant: Sendable, CustomTestStringConvertible {
        let name: String
        let given: [String: SettingValue]
        var lr: Float = 1e-2
        var testDescription: String { name }

        func model() throws -> any LanguageModel {
            let family =
                ["llama words", "llama tokens"].contains(name) ? "llama3" : String(name.prefix { $0 != " " })
            return try ModelLoader.load(
                path: family == "bert" ? GoldenFiles.peft("bert-base") : GoldenFiles.model(family))
        }

        func method() throws -> LowRankMethod {
            let usual: [String: SettingValue] = ["r": .count(4), "alpha": .number(8), "dropout": .number(0)]
            return try LowRankMethod(usual.merging(given) { $1 })
        }
    }

    private static let bertLayers = SettingValue.names(["query", "value", "output.dense"])
    static let variants: [Variant] = [
        Variant(name: "bert dora", given: ["dora": .flag(true), "targets": bertLayers]),
        Variant(
            name: "gpt2 dora", given: ["dora": .flag(true), "targets": .names(["c_attn", "mlp.c_proj"])]),
        Variant(
            name: "llama dora",
            given: [
                "dora": .flag(true), "rslora": .flag(true),
                "targets": .names(["q_proj", "v_proj", "down_proj"]),
            ]),
        Variant(name: "bert pissa", given: ["init": .word("pissa"), "targets": bertLayers]),
        Variant(
            name: "gpt2 pissa",
            given: [
                "r": .count(3), "alpha": .number(9), "init": .word("pissa"), "rslora": .flag(true),
                "targets": .names(["c_attn", "mlp.c_proj"]),
            ]),
        Variant(
            name: "llama pissa",
            given: [
                "init": .word("pissa"), "dora": .flag(true), "targets": .names(["q_proj", "down_proj"]),
            ]),
        Variant(
            name: "llama olora", given: ["init": .word("olora"), "targets": .names(["q_proj", "o_proj"])]),
        Variant(name: "bert plus", given: ["loraplus": .number(16), "targets": bertLayers], lr: 1e-3),
        Variant(
            name: "gpt2 plus",
            given: [
                "loraplus": .number(4), "dora": .flag(true), "bias": .word("lora_only"),
                "targets": .names(["c_attn"]),
            ], lr: 1e-3),
        Variant(
            name: "llama plus", given: ["loraplus": .number(8), "targets": .names(["q", "v"])], lr: 1e-3),
        Variant(
            name: "bert patterns",
            given: [
                "targets": bertLayers, "rank_pattern": .names(["value:2", "layer.0.output.dense:6"]),
                "alpha_pattern": .names(["query:3"]),
            ]),
        Variant(
            name: "gpt2 patterns",
            given: [
                "targets": .names(["c_attn", "mlp.c_proj"]), "rank_pattern": .names(["h.1.attn.c_attn:2"]),
            ]),
        Variant(
            name: "llama patterns",
            given: ["targets": .names(["q", "v"]), "alpha_pattern": .names(["v:32"])]),
        Variant(name: "llama words", given: ["targets": .names(["q", "embed_tokens", "lm_head"])]),
        Variant(name: "gpt2 words", given: ["targets": .names(["c_attn", "embeddings", "lm_head"])]),
        Variant(name: "bert words", given: ["targets": .names(["query", "word_embeddings"])]),
        Variant(
            name: "gpt2 tokens", given: ["targets": .names(["c_attn"]), "tokens": .names(["3", "40", "8"])]),
        Variant(name: "llama tokens", given: ["targets": .names(["q"]), "tokens": .names(["3", "8"])]),
        Variant(name: "bert tokens", given: ["targets": .names(["query"]), "tokens": .names(["3", "8"])]),
        Variant(name: "bert biases", given: ["bias": .word("all"), "targets": .names(["q", "v"])]),
        Variant(name: "gpt2 biases", given: ["bias": .word("lora_only"), "targets": .names(["c_attn"])]),
    ]

    private static func golden(_ name: String) throws -> JSON {
        let file = GoldenFiles.folder.appending(path: "peft-lora.json")
        return try #require(try JSON(parsing: Data(contentsOf: file))[name])
    }

    /// A as the script has it, where it does not follow from the weight.
    private static func tuning(_ variant: Variant, of model: any LanguageModel) throws -> Tuning {
        let tuning = try variant.method().tuning(of: model, seed: 1)
        guard variant.given["init"] == nil else { return tuning }
        let firsts = model.adaptable.compactMap { (tuning.linears[$0.path] as? any LowRankHook)?.lowRank.a }
        for (index, a) in firsts.enumerated() { a.fill(scale: 0.3, phase: 0.1 * Double(index)) }
        (tuning.tables[model.words.name] as? EmbeddingLoRA)?.b.fill(scale: 0.3, phase: 0.7)
        try tuning.prepare(over: model)
        return tuning
    }

    private static func task(_ model: any LanguageModel) -> any LearningTask {
        guard !model.isCausal else { return NextToken() }
        let head = ClassificationHead(for: model, classes: 3, pooling: .cls, usesPooler: true, seed: 1)
        head.classifier.weight.fill(scale: 0.2, phase: 0.5)
        return HeadOnly(head: head)
    }

    @Test(arguments: variants) func tenStepsEqualPEFTs(_ variant: Variant) throws {
        let model = try variant.model()
        let golden = try Self.golden(variant.name)
        let tuning = try Self.tuning(variant, of: model)
        // PEFT counts the pooler's bias, which the classifier reads here too.
        #expect(tuning.trainedParameters.reduce(0) { $0 + $1.count } == golden["trained"]?.integer)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (3, 10, variant.lr)
        settings.optimizer = OptimizerChoice(AdamW.self, ["weight_decay": .number(0.01)])
        settings.schedule = ScheduleChoice(ConstantSchedule.self)
        let examples = GoldenFiles.sequences.enumerated().map { index, ids in
            model.isCausal
                ? EncodedExample(text: ids, identity: UInt64(index))
                : EncodedExample(ids: ids, identity: UInt64(index), target: .label(index % 3))
        }
        let trainer = try Trainer(
            model: model, task: Self.task(model), tuning: tuning, examples: examples, settings: settings,
            workers: Workers(count: 2), order: { _ in [0, 1, 2] })
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        func numbers(_ key: String) -> [Double] { golden[key]?.array?.compactMap(\.number) ?? [] }
        let (losses, norms) = (numbers("losses"), numbers("norms"))
        #expect(losses.count == 10 && trainer.history.count == 10)
        for (step, (loss, norm)) in zip(trainer.history, zip(losses, norms)) {
            #expect(abs(step.loss - loss) / loss < 1e-4, "loss of step \(step.step)")
            #expect(abs(step.gradientNorm - norm) / norm < 1e-4, "norm of step \(step.step)")
        }
    }

    /// The first of a sequence's logits: of its classes, or at its last token.
    @Test(arguments: variants) func theFirstLogitsArePEFTs(_ variant: Variant) throws {
        let model = try variant.model()
        let tuning = try Self.tuning(variant, of: model)
        let sequences = GoldenFiles.sequences
        let pass = Pass(Layout(lengths: sequences.map(\.count)), under: tuning)
        let h = try model.hiddenStates(Tokens(ids: sequences.flatMap { $0 }), pass)
        let found: [[Float]]
        if let head = (Self.task(model) as? HeadOnly)?.head {
            let logits = try head.logits(h, pass)
            found = (0..<3).map { row in (0..<3).map { logits[row, $0] } }
        } else {
            let lasts = (0..<3).map { pass.layout.starts[$0 + 1] - 1 }
            let logits = try model.vocabularyLogits(pass.gather(h, rows: lasts), pass)
            found = (0..<3).map { row in (0..<3).map { logits[row, $0] } }
        }
        let wanted = try #require(Self.golden(variant.name)["logits"]?.array)
        for (row, values) in zip(found, wanted) {
            for (value, number) in zip(row, values.array?.compactMap(\.number) ?? []) {
                #expect(abs(Double(value) - number) < 1e-4)
            }
        }
    }

    /// Against PEFT's formula under dropout, written out in doubles: norms are of W + s·B·A, whatever was dropped.
    @Test(arguments: ["bert", "gpt2", "llama"]) func underDropoutItIsAsPEFTComputesIt(family: String) throws {
        let model = try Variant(name: family + " ", given: [:]).model()
        let layer = try #require(model.linears.first)
        var config = LoRAConfig()
        (config.r, config.alpha, config.dropout, config.isDecomposed) = (3, 6, 0.5, true)
        let plain = LoRA(
            path: layer.path, inputs: layer.inputs, outputs: layer.outputs, config: config, seed: 3)
        plain.b.fill(scale: 0.4, phase: 0.3)
        let lengths = Buffer((0..<layer.outputs).map { 0.5 + 0.1 * Float($0 % 7) })
        let hook = try DoRA(layer, plain, magnitude: lengths)
        var tuning = Tuning(reach: .block(0))
        tuning.linears[layer.path] = hook
        tuning.groups = [ParameterGroup(hook.parameters)]
        let x = Tensor(
            (0..<5 * layer.inputs).map { Float(sin(Double($0))) }, rows: 5, columns: layer.inputs)
        let pass = Pass(Layout(lengths: [5]), under: tuning, training: .init(seed: 7, step: 2))
        let found = try layer(x, pass)
        // y = W·x + b + (m/n − 1) ∘ W·d + m/n ∘ s·B·A·d
        let dropped = pass.dropout(x, p: 0.5, at: RandomSite("\(layer.path).lora_dropout"))
        let (whole, part) = (
            try layer.plain(x, pass), try pass.linear(dropped, weight: layer.weight, layout: layer.layout)
        )
        let weight = layer.weight.values().floats
        let (a, b) = (plain.a.dense().floats, plain.b.dense().floats)
        for output in 0..<layer.outputs {
            let rows = (0..<layer.inputs).map { input -> Double in
                let own = weight[
                    layer.layout == .outByIn ? output * layer.inputs + input : input * layer.outputs + output]
                let change = (0..<3).reduce(0.0) {
                    $0 + Double(b[output * 3 + $1]) * Double(a[$1 * layer.inputs + input])
                }
                return Double(own) + 2 * change
            }
            let norm = rows.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let ratio = Double(lengths.floats[output]) / norm
            for token in 0..<5 {
                let change = (0..<3).reduce(0.0) { sum, rank in
                    sum + Double(b[output * 3 + rank])
                        * (0..<layer.inputs).reduce(0.0) {
                            $0 + Double(dropped[token, $1]) * Double(a[rank * layer.inputs + $1])
                        }
                }
                let wanted =
                    Double(whole[token, output]) + (ratio - 1) * Double(part[token, output]) + ratio * 2
                    * change
                #expect(abs(Double(found[token, output]) - wanted) < 1e-4 * max(1, abs(wanted)))
            }
        }
    }

    @Test func whatCannotBeIsSaid() throws {
        func problem(_ family: String, _ given: [String: SettingValue]) throws -> Diagnostic? {
            let model = try Variant(name: family + " ", given: [:]).model()
            return #expect(throws: Diagnostic.self) { try LowRankMethod(given).tuning(of: model, seed: 1) }
        }
        let thirds = try problem("gpt2", ["dora": .flag(true), "targets": .names(["q"])])
        #expect(thirds?.hint == "write targets=c_attn")
        #expect(
            try problem("gpt2", ["init": .word("pissa"), "targets": .names(["q"])])?.setting == "targets")
        let tied = try problem("gpt2", ["targets": .names(["lm_head"]), "init": .word("pissa")])
        #expect(tied?.message.contains("wte") == true)
        #expect(try problem("gpt2", ["init": .word("olora")])?.message.contains("not square") == true)
        let words = SettingValue.names(["embeddings"])
        #expect(try problem("llama", ["tokens": .names(["99"])])?.setting == "tokens")
        #expect(try problem("llama", ["tokens": .names(["3"]), "targets": words])?.setting == "tokens")
        #expect(
            try problem("llama", ["targets": words, "dora": .flag(true)])?.hint?.contains("dora=no") == true)
        #expect(try problem("llama", ["targets": words, "loraplus": .number(4)])?.setting == "targets")
        #expect(try problem("llama", ["bias": .word("all")])?.code == "no-biases")
        #expect(try problem("llama", ["r": .count(200), "init": .word("pissa")])?.setting == "r")
        for word in ["q", "q:", ":4", "q:0", "q:2.5", "q:300", "q:many"] {
            #expect(try problem("llama", ["rank_pattern": .names([word])])?.code == "bad-value")
        }
        #expect(
            try problem("llama", ["rank_pattern": .names(["o:4"])])?.message.contains("none of the targets")
                == true)
        #expect(try problem("llama", ["alpha_pattern": .names(["nothing:4"])])?.setting == "alpha_pattern")
    }
}
