import Diagnostics
import JSON
import Learning

/// What PEFT's `adapter_config.json` says of a LoRA adapter.
package struct AdapterConfig: Sendable, Hashable {
    package static let fileName = "adapter_config.json"

    /// Which layers: names that a path equals or ends in, or an expression for the whole path.
    package enum Targets: Sendable, Hashable {
        case names([String])
        case expression(String)
    }

    package var baseModel: String?
    /// `SEQ_CLS`, `CAUSAL_LM` or another of PEFT's; nil where nothing is said.
    package var task: String?
    /// Whether the base's class, where PEFT noted it, is a classifier of texts.
    package var mapsClassifier = true
    package var lora = LoRAConfig()
    package var targets = Targets.names([])
    package var excluded: Targets?
    /// The only blocks that are changed; nil for all.
    package var layers: [Int]?
    /// Names before a block's number; empty for any.
    package var layersPattern: [String] = []
    /// Ranks and alphas of single layers, by expressions for the end of their path.
    package var ranks: [Pattern] = []
    package var alphas: [Pattern] = []
    /// Whether weights are stored (in, out), as GPT-2's are.
    package var isStoredInByOut = false
    package var modulesToSave: [String] = []
    /// Whether a tied head follows the table in `modules_to_save`.
    package var tiesTables = false
    package var start = Start.zero
    package var bias = "none"

    /// What A and B began as, and the base was lessened by.
    package enum Start: Sendable, Hashable {
        /// `B·A` was zero, or the base was left alone.
        case zero
        /// The weight's largest singular values (PiSSA, Meng et al. 2024).
        case principal
        /// The weight's first columns, made orthonormal (OLoRA, Büyükakyüz 2024).
        case orthonormal
    }

    package struct Pattern: Sendable, Hashable {
        package var path: String
        package var value: Double

        package init(_ path: String, _ value: Double) {
            self.path = path
            self.value = value
        }
    }

    package init() {}
}

// MARK: - Writing

extension AdapterConfig {
    /// In PEFT's own order and words.
    package var json: JSON {
        var object: JSONObject = [
            "alpha_pattern": Self.json(alphas), "auto_mapping": nil,
            "base_model_name_or_path": baseModel.map(JSON.string) ?? .null, "bias": .string(bias),
            "exclude_modules": excluded.map(Self.json) ?? .null, "fan_in_fan_out": .bool(isStoredInByOut),
            "inference_mode": true, "init_lora_weights": initialisation,
            "layers_pattern": layersPattern.isEmpty ? .null : .array(layersPattern.map(JSON.string)),
            "layers_to_transform": layers.map { .array($0.map(JSON.integer)) } ?? .null,
            "lora_alpha": Self.json(Double(lora.alpha)), "lora_dropout": Self.json(lora.dropout),
            "modules_to_save": modulesToSave.isEmpty ? .null : .array(modulesToSave.map(JSON.string)),
            "peft_type": "LORA", "peft_version": .string(Self.writtenVersion), "r": .integer(lora.r),
            "rank_pattern": Self.json(ranks), "revision": nil, "target_modules": Self.json(targets),
            "task_type": task.map(JSON.string) ?? .null, "use_dora": false,
            "use_rslora": .bool(lora.usesRankStabilisation),
        ]
        // PEFT knows it since 0.18; where it says nothing, older ones need not be asked to pass over it.
        if tiesTables { object["ensure_weight_tying"] = true }
        return .object(object)
    }

    /// The version of PEFT whose files these are.
    private static let writtenVersion = "0.17.0"

    private var initialisation: JSON {
        lora.initialisation == .gaussian ? .string(lora.initialisation.rawValue) : true
    }

    private static func json(_ targets: Targets) -> JSON {
        switch targets {
        case .names(let names): .array(names.map(JSON.string))
        case .expression(let text): .string(text)
        }
    }

    private static func json(_ patterns: [Pattern]) -> JSON {
        .object(JSONObject(patterns.map { ($0.path, json($0.value)) }))
    }

    private static func json(_ number: Double) -> JSON {
        Int(exactly: number).map(JSON.integer) ?? .number(number)
    }

    /// The digits that a person wrote: 0.05, not what a 32-bit number makes of it.
    private static func json(_ number: Float) -> JSON {
        json(Double(number.description) ?? Double(number))
    }
}
