import Compute
import Diagnostics
import JSON
import Learning

/// LoRA in PEFT's files.
package struct LoRAFormat: PEFTLayerFormat {
    package static let peftType = "LORA"
    package static var method: any Method.Type { LowRankMethod.self }
    package static let name = "LoRA"
    package static let tensorNames = ["lora_A.weight", "lora_B.weight", "lora_magnitude_vector"]

    package var lora: LoRAConfig
    /// Tokens whose rows are in the file.
    package var tokens: [Int32] = []
    /// Ranks and alphas of single layers, by expressions for the end of their path.
    package var ranks: [PEFTPattern] = []
    package var alphas: [PEFTPattern] = []

    // MARK: - Reading

    package init(reading keys: PEFTKeys) throws {
        lora = LoRAConfig()
        lora.r = try keys.rank("r", usual: 8)
        lora.alpha = Float(try keys.number("lora_alpha", usual: 8))
        guard lora.alpha.isFinite else { throw PEFTKeys.bad("is too large a number", of: "lora_alpha") }
        lora.dropout = Float(try keys.number("lora_dropout", usual: 0))
        guard lora.dropout >= 0, lora.dropout < 1 else {
            throw PEFTKeys.bad("is \(lora.dropout), expected 0 to below 1", of: "lora_dropout")
        }
        lora.usesRankStabilisation = try keys.flag("use_rslora")
        lora.isDecomposed = try keys.flag("use_dora")
        ranks = try keys.patterns("rank_pattern")
        for pattern in ranks { _ = try PEFTKeys.rank(.number(pattern.value), of: "rank_pattern") }
        alphas = try keys.patterns("alpha_pattern")
        guard alphas.allSatisfy({ Float($0.value).isFinite }) else {
            throw PEFTKeys.bad("has too large a number", of: "alpha_pattern")
        }
        tokens = try Self.tokens(keys)
        try readInitialisation(keys["init_lora_weights"] ?? true)
    }

    /// A list of numbers, or such a list by the name of the words' table.
    private static func tokens(_ keys: PEFTKeys) throws -> [Int32] {
        let key = "trainable_token_indices"
        guard let value = keys[key], !value.isNull else { return [] }
        let list =
            value.array ?? value.object.flatMap { $0.keys.count == 1 ? $0.map(\.value).first?.array : nil }
        let tables = ["wte", "embed_tokens", "word_embeddings"]
        let isOfWords = value.object.map { object in
            object.keys.allSatisfy { name in tables.contains { name == $0 || name.hasSuffix("." + $0) } }
        }
        guard let list, isOfWords ?? true, case let ids = list.compactMap(\.integer), ids.count == list.count,
            ids.allSatisfy({ (0...Int(Int32.max)).contains($0) })
        else { throw PEFTKeys.unsupported(key, value, "a list of tokens' numbers, of the words' table") }
        return ids.map { Int32($0) }
    }

    /// Starts that leave the base as it is need nothing; of the others, those that follow from the base's
    /// weights alone.
    private mutating func readInitialisation(_ value: JSON) throws {
        switch value.bool.map({ _ in "" }) ?? value.string?.lowercased() {
        case "", "eva", "orthogonal", "mica": break
        case "gaussian": lora.initialisation = .gaussian
        case "pissa": lora.initialisation = .pissa
        case "olora": lora.initialisation = .olora
        default:
            throw PEFTKeys.unsupported(
                "init_lora_weights", value,
                "it changed the base's weights in a way that the files do not hold; PEFT's "
                    + "save_pretrained(…, path_initial_model_for_weight_conversion=…) makes it plain LoRA")
        }
    }

    package func hook(of layer: PEFTLayer) throws -> any LinearHook {
        try StoredLoRA(layer, config: config(at: layer.path)).hook()
    }

    private func config(at path: String) throws -> LoRAConfig {
        var config = lora
        if let rank = try PEFTPattern.value(of: ranks, at: path) { config.r = Int(rank) }
        if let alpha = try PEFTPattern.value(of: alphas, at: path) { config.alpha = Float(alpha) }
        return config
    }

    package var values: SettingValues {
        var given: [String: SettingValue] = [
            "r": .count(lora.r), "alpha": SettingValue(lora.alpha), "dropout": SettingValue(lora.dropout),
            "rslora": .flag(lora.usesRankStabilisation), "dora": .flag(lora.isDecomposed),
        ]
        // How plain ones began has no part in what they are.
        if lora.initialisation.lessensBase { given["init"] = .word(lora.initialisation.rawValue) }
        return SettingValues(LowRankMethod.declaration.settings, given)
    }

    package var remarks: [String] { patternRemarks }

    /// What the summary's r and alpha do not say.
    private var patternRemarks: [String] {
        let ranks = ranks.map { "\($0.path) r=\(Int($0.value))" }
        let alphas = alphas.map {
            "\($0.path) alpha=\(Int(exactly: $0.value).map(String.init) ?? $0.value.description)"
        }
        guard !(ranks + alphas).isEmpty else { return [] }
        let more = ranks.count + alphas.count > 6 ? " and \(ranks.count + alphas.count - 6) more" : ""
        return [
            "some layers differ, by rank_pattern and alpha_pattern: "
                + (ranks + alphas).prefix(6).joined(separator: ", ") + more
        ]
    }

    // MARK: - Writing

    package init?(
        describing layers: [(path: String, hook: any LinearHook)], table: (any TableHook)?,
        called names: [String]
    ) {
        let found = layers.compactMap { layer in
            (layer.hook as? any LowRankHook).map { (path: layer.path, config: $0.lowRank.config) }
        }
        let words = table as? EmbeddingLoRA
        tokens = (table as? TokenRows)?.ids ?? []
        guard found.count == layers.count, table == nil || words != nil || !tokens.isEmpty,
            let usual = found.first?.config ?? words?.config
        else { return nil }
        lora = usual
        for (path, config) in found {
            if config.r != usual.r { ranks.append(PEFTPattern(of: path, Double(config.r))) }
            if config.alpha != usual.alpha { alphas.append(PEFTPattern(of: path, Double(config.alpha))) }
        }
        if let words {
            if words.config.r != usual.r { ranks.append(PEFTPattern(of: words.path, Double(words.config.r))) }
            if words.config.alpha != usual.alpha {
                alphas.append(PEFTPattern(of: words.path, Double(words.config.alpha)))
            }
        }
    }

    package var json: JSONObject {
        [
            "alpha_pattern": PEFTPattern.json(alphas),
            "init_lora_weights": [.gaussian, .pissa, .olora].contains(lora.initialisation)
                ? .string(lora.initialisation.rawValue) : true,
            "lora_alpha": .number(written: Double(lora.alpha)),
            "lora_dropout": .number(written: lora.dropout), "r": .integer(lora.r),
            "rank_pattern": PEFTPattern.json(ranks),
            "trainable_token_indices": tokens.isEmpty ? .null : .array(tokens.map { .integer(Int($0)) }),
            "use_dora": .bool(lora.isDecomposed),
            "use_rslora": .bool(lora.usesRankStabilisation),
        ]
    }

    package static func tensors(of hook: any LinearHook) -> [Parameter]? {
        (hook as? any LowRankHook).map { $0.lowRank.parameters + ($0.magnitude.map { [$0] } ?? []) }
    }

    package static let tableNames = [
        "lora_embedding_A", "lora_embedding_B", "token_adapter.trainable_tokens_delta",
    ]

    package static func tensors(ofTable hook: any TableHook) -> [(name: String, parameter: Parameter)]? {
        switch hook {
        case let hook as EmbeddingLoRA: Array(zip(tableNames, hook.parameters))
        case let hook as TokenRows: [(tableNames[2], hook.values)]
        default: nil
        }
    }

    package var changesTable: Bool { !tokens.isEmpty }

    package func hook(
        ofTable table: Parameter, path: String,
        _ tensor: (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) throws -> (any TableHook)? {
        guard tokens.isEmpty else {
            guard tokens.allSatisfy({ (0..<table.rows).contains(Int($0)) }), Set(tokens).count == tokens.count
            else {
                throw PEFTKeys.bad(
                    "names tokens twice, or some that a table of \(table.rows) has not",
                    of: "trainable_token_indices")
            }
            let values = try tensor(Self.tableNames[2], [tokens.count, table.columns])
            return TokenRows(
                path: path, ids: tokens, width: table.columns, values: Buffer(values.floats()))
        }
        guard !lora.isDecomposed else {
            throw PEFTKeys.unsupported("use_dora", true, "a words' table takes plain LoRA alone")
        }
        let config = try config(at: path)
        let a = try tensor(Self.tableNames[0], [config.r, table.rows])
        let b = try tensor(Self.tableNames[1], [table.columns, config.r])
        return EmbeddingLoRA(path: path, a: Buffer(a.floats()), b: Buffer(b.floats()), config: config)
    }

    package static func thirds(of hook: any LinearHook) -> [Int] { (hook as? ThirdsLoRA)?.thirds ?? [] }
}
