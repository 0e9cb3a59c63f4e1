import Diagnostics
import JSON
import Learning
import Training

/// What PEFT's `adapter_config.json` says: what it says of every method, and the method's own.
package struct AdapterConfig: Sendable {
    package static let fileName = PEFTKeys.fileName

    package var baseModel: String?
    /// `SEQ_CLS`, `CAUSAL_LM` or another of PEFT's; nil where nothing is said.
    package var task: String?
    /// Whether the base's class, where PEFT noted it, is a classifier of texts.
    package var mapsClassifier = true
    package var targets = PEFTTargets.names([])
    package var excluded: PEFTTargets?
    /// The only blocks that are changed; nil for all.
    package var layers: [Int]?
    /// Names before a block's number; empty for any.
    package var layersPattern: [String] = []
    /// Whether weights are stored (in, out), as GPT-2's are.
    package var isStoredInByOut = false
    package var modulesToSave: [String] = []
    /// Whether a tied head follows the table in `modules_to_save`.
    package var tiesTables = false
    package var bias = "none"
    /// What it says of a layer.
    package var format: any PEFTFormat

    /// Everything that a method's file says beside its layers.
    package init(_ format: any PEFTFormat) { self.format = format }
}

// MARK: - Writing

extension AdapterConfig {
    /// In PEFT's own order and words.
    package var json: JSON {
        let type = Swift.type(of: format)
        var object: JSONObject = [
            "auto_mapping": nil, "base_model_name_or_path": baseModel.map(JSON.string) ?? .null,
            "inference_mode": true,
            "modules_to_save": modulesToSave.isEmpty ? .null : .array(modulesToSave.map(JSON.string)),
            "peft_type": .string(type.peftType), "peft_version": .string(Self.writtenVersion),
            "revision": nil, "task_type": task.map(JSON.string) ?? .null,
        ]
        for (key, value) in type is any PEFTLayerFormat.Type ? ofLayers : [] { object[key] = value }
        for (key, value) in format.json { object[key] = value }
        return .object(JSONObject(object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
    }

    /// Which layers are changed.
    private var ofLayers: [(String, JSON)] {
        let known = Swift.type(of: format).keys
        let sometimes: [(String, JSON)] = [
            ("bias", .string(bias)),
            ("layers_pattern", layersPattern.isEmpty ? .null : .array(layersPattern.map(JSON.string))),
            ("layers_to_transform", layers.map { .array($0.map(JSON.integer)) } ?? .null),
        ]
        let always: [(String, JSON)] = [
            ("exclude_modules", excluded?.json ?? .null), ("fan_in_fan_out", .bool(isStoredInByOut)),
            ("target_modules", targets.json),
        ]
        // PEFT knows it since 0.18; where it says nothing, older ones need not be asked to pass over it.
        let tying: [(String, JSON)] = tiesTables ? [("ensure_weight_tying", true)] : []
        return always + sometimes.filter { known[$0.0] != nil } + tying
    }

    /// The version of PEFT whose files these are.
    private static let writtenVersion = "0.17.0"
}
