import Diagnostics
import Learning
import Models
import Tokenizers

/// LoRA on the layers that `targets` and `layers` name.
package struct LowRankMethod: TextReadingMethod {
    static let verb = "lora"

    package static let declaration = MethodDeclaration(
        verb, title: "LoRA", summary: "tunes thin corrections of rank r beside frozen weights",
        details: """
            A layer `W·x` becomes `W·x + alpha/r · B(A·x)`; only A, B and the classifier are trained. With dora=yes \
            each output of `W + alpha/r · B·A` also has a length of its own that is trained (Liu et al. 2024).
            """,
        settings: lowRankSettings,
        rate: UsualRate(1e-3, (.writing, 5e-4)),
        examples: [
            .init("lora r=8 alpha=16 dropout=0.1", "the usual size"),
            .init("lora r=4 targets=q,v layers=last:1", "only the last block"),
            .init("lora dora=yes", "with magnitudes of their own: DoRA"),
            .init("lora init=pissa loraplus=16", "from the largest singular values, B at 16 times lr"),
            .init("lora lora_alpha=32 target_modules=(query key value)", "in PEFT's words"),
        ],
        foreign: foreign)

    package static var peft: (any PEFTFormat.Type)? { LoRAFormat.self }

    package let values: SettingValues
    private let config: LoRAConfig
    private let targets: TargetSelection
    private let ranks, alphas: LayerPattern
    /// Tokens whose rows are trained as they are.
    private let tokens: [String]

    package init(_ values: SettingValues) throws {
        self.values = values
        var config = LoRAConfig()
        config.r = values.count("r") ?? config.r
        config.alpha = values.single("alpha")
        config.dropout = values.single("dropout")
        config.usesRankStabilisation = values.flag("rslora")
        config.isDecomposed = values.flag("dora")
        config.initialisation =
            values.word("init").flatMap(LoRAConfig.Initialisation.init) ?? config.initialisation
        self.config = config
        targets = try TargetSelection(values).takingTables
        tokens = values.names("tokens") ?? []
        ranks = try LayerPattern(values, of: "rank_pattern", isWhole: true, in: 1...256)
        alphas = try LayerPattern(values, of: "alpha_pattern", in: 1e-6...4096)
    }

    func tuning(
        of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64
    ) throws -> Tuning {
        let chosen = try targets.chosen(in: model)
        let table = targets.changesWords(of: model) ? [model.wordsPath] : []
        let paths = Set(chosen.map(\.linear.path) + table)
        let ranks = try ranks.resolved(among: paths, in: model)
        let alphas = try alphas.resolved(among: paths, in: model)
        func own(_ path: String) -> LoRAConfig {
            var own = config
            own.r = ranks[path].map { Int($0) } ?? own.r
            own.alpha = alphas[path].map { Float($0) } ?? own.alpha
            return own
        }
        let hooks = try chosen.map { layer -> (path: String, hook: any LowRankHook) in
            // PiSSA and OLoRA decompose each matrix.
            try Interruption.current?.check()
            return (layer.linear.path, try Self.hook(on: layer, own(layer.linear.path), seed: seed))
        }
        var tuning = Tuning(reach: model.reach(of: hooks.map(\.path)))
        let words: (any TableHook)? =
            try tokens.isEmpty
            ? words(of: model, own(model.wordsPath), seed: seed) : rows(of: model, by: tokenizer)
        tuning.groups = groups(hooks.flatMap(\.hook.parameters) + (words?.parameters ?? []))
        for (path, hook) in hooks { tuning.linears[path] = hook }
        if let words { tuning.change(wordsOf: model, by: words) }
        return try tuning.joined(with: biases(of: chosen.map(\.linear), in: model))
    }

    private static func hook(
        on layer: TargetSelection.Chosen, _ config: LoRAConfig, seed: UInt64
    ) throws -> any LowRankHook {
        let linear = layer.linear
        guard layer.thirds.isEmpty else {
            let whole = config.isDecomposed ? "dora" : config.initialisation.lessensBase ? "init" : nil
            if let whole {
                throw Diagnostic(
                    "unknown-target",
                    "\(whole) takes a layer's outputs as a whole, and not thirds of \(linear.path)",
                    about: "targets", hint: "write targets=c_attn")
            }
            return ThirdsLoRA(linear, thirds: layer.thirds, config: config, seed: seed)
        }
        let plain =
            config.initialisation.lessensBase
            ? try LoRA(decomposing: linear, config: config)
            : LoRA(
                path: linear.path, inputs: linear.inputs, outputs: linear.outputs, config: config, seed: seed)
        return config.isDecomposed ? try DoRA(linear, plain) : plain
    }

    /// The rows of the tokens that are named, by their numbers or as they are written.
    private func rows(of model: any LanguageModel, by tokenizer: (any Tokenizer)?) throws -> TokenRows {
        guard !targets.changesWords(of: model) else {
            throw Diagnostic(
                "unknown-target", "the table is a target, and some of its rows are to be trained as they are",
                about: "tokens", hint: "leave tokens out, or name targets without the table")
        }
        var ids: [Int32] = []
        for word in tokens {
            let id = Int32(word) ?? tokenizer?.id(of: word)
            guard let id, id >= 0, Int(id) < model.words.rows else {
                // Brackets alone make a list.
                let isBare = tokenizer?.id(of: "[\(word)]") != nil
                throw Diagnostic(
                    "unknown-token", "there is no token \(word)", about: "tokens",
                    hint: isBare
                        ? "write tokens='[\(word)]', in quotes"
                        : "write numbers below \(model.words.rows), or tokens as the vocabulary has them")
            }
            if !ids.contains(id) { ids.append(id) }
        }
        return TokenRows(path: model.wordsPath, ids: ids, of: model.words)
    }

    private func words(
        of model: any LanguageModel, _ config: LoRAConfig, seed: UInt64
    ) throws -> EmbeddingLoRA? {
        guard targets.changesWords(of: model) else { return nil }
        guard !config.isDecomposed else {
            throw Diagnostic(
                "unknown-target", "dora has no form for \(model.wordsPath), which is a table",
                about: "targets",
                hint: "write dora=no, or targets without it")
        }
        guard !values.isGiven("loraplus") else {
            throw Diagnostic(
                "unknown-target", "LoRA+ has no rate for \(model.wordsPath), which is a table",
                about: "targets",
                hint: "leave loraplus out, or name targets without it")
        }
        return EmbeddingLoRA(
            path: model.wordsPath, tokens: model.words.rows, width: model.words.columns, config: config,
            seed: seed)
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        guard !isWriting, (values.names("targets") ?? []).contains("lm_head") else { return [] }
        return [
            "a classifier does not read lm_head: nothing of it is trained unless the model writes its answers"
        ]
    }

    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        values.isGiven("loraplus")
            ? ["loraplus= is no part of an adapter's files: opened, A and B learn alike"] : []
    }

    /// A and B alike, or as LoRA+ has it: B, and what is a vector, at a rate of its own (Hayou et al. 2024).
    private func groups(_ all: [Parameter]) -> [ParameterGroup] {
        guard values.isGiven("loraplus") else { return [ParameterGroup(all)] }
        let isFirst = { (parameter: Parameter) in parameter.name.hasSuffix(".lora_A.weight") }
        return [
            ParameterGroup(all.filter(isFirst)),
            ParameterGroup(all.filter { !isFirst($0) }, rate: values.single("loraplus")),
        ]
    }

    /// Biases that are trained too, as PEFT's `bias` says.
    private func biases(of linears: [Linear], in model: any LanguageModel) throws -> Tuning {
        let word = values.word("bias")
        guard word == "all" || word == "lora_only" else { return Tuning() }
        let own = Set(linears.compactMap(\.bias?.name))
        let chosen = model.trainable.filter {
            $0.name.hasSuffix(".bias") && (word == "all" || own.contains($0.name))
        }
        guard !chosen.isEmpty else {
            throw Diagnostic(
                "no-biases", "this \(model.config.family) has no biases to train", about: "bias",
                hint: "leave bias out")
        }
        var tuning = Tuning(training: chosen, of: model)
        if values.isGiven("loraplus") {
            // PEFT counts biases with B, and lets no decay pull on them.
            tuning.groups = [
                ParameterGroup(tuning.trainedParameters, rate: values.single("loraplus"), decays: false)
            ]
        }
        return tuning
    }
}
