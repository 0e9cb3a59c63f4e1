import Diagnostics
import JSON
import Learning
import Models
import Training

extension AdapterConfig {
    /// Reads `adapter_config.json`.
    ///
    /// - `ignored`: keys that the person goes on without.
    /// - Throws: `unsupported-adapter` for a method that is not read, `unsupported-key` for what is not done of
    ///   it, `bad-adapter` for values of a wrong kind.
    package init(reading file: JSON, ignoring ignored: Set<String> = []) throws {
        guard var object = file.object else {
            throw Diagnostic("bad-adapter", "\(Self.fileName): it is no object")
        }
        let type = try PEFTFormats.type(of: file)
        try Self.check(file, type, ignoring: ignored)
        for key in ignored { object[key] = nil }
        let keys = PEFTKeys(.object(object))
        format = try type.init(reading: keys)
        baseModel = keys["base_model_name_or_path"]?.string
        task = keys["task_type"]?.string
        modulesToSave = try keys.names("modules_to_save")
        try readMapping(keys["auto_mapping"])
        if type is any PEFTLayerFormat.Type { try readLayers(keys) }
    }

    /// Which layers are changed.
    private mutating func readLayers(_ keys: PEFTKeys) throws {
        guard let targets = try keys.targets("target_modules") else {
            throw PEFTKeys.bad("names no layers", of: "target_modules")
        }
        self.targets = targets
        excluded = try keys.targets("exclude_modules")
        layers = try keys.blocks("layers_to_transform")
        layersPattern = try keys.names("layers_pattern")
        isStoredInByOut = keys["fan_in_fan_out"]?.bool ?? false
        tiesTables = try keys.flag("ensure_weight_tying")
        bias = keys["bias"]?.string ?? bias
        if layers != nil, case .expression(let text) = targets {
            throw PEFTKeys.bad(
                "goes with a list of target_modules only, here they are the expression \(text.prefix(80))",
                of: "layers_to_transform")
        }
    }

    /// Without a task, PEFT notes the class of the base model.
    private mutating func readMapping(_ value: JSON?) throws {
        guard let value, let name = value["base_model_class"]?.string else { return }
        let known = ["Model", "ForCausalLM", "LMHeadModel", "ForMaskedLM", "ForSequenceClassification"]
        guard known.contains(where: name.hasSuffix) else {
            throw PEFTKeys.unsupported(
                "auto_mapping", value, "base models, language models and sentence classifiers")
        }
        mapsClassifier = name.hasSuffix(ModelTask.classification.rawValue)
    }

    /// What is done about each key of a method's file.
    package static func decisions(of type: any PEFTFormat.Type) -> KeyDecisions {
        let ofLayers = type is any PEFTLayerFormat.Type ? PEFTKeys.ofLayers : [:]
        return KeyDecisions(fileName, PEFTKeys.common.merging(ofLayers) { $1 }.merging(type.keys) { $1 })
    }

    /// - Throws: `unsupported-key` for what is neither known nor supported, unless it is among `ignored`.
    private static func check(
        _ json: JSON, _ type: any PEFTFormat.Type, ignoring ignored: Set<String>
    ) throws {
        try decisions(of: type).check(json, ignoring: ignored)
        for (key, names) in type.parts {
            guard let part = json[key], !ignored.contains(key) else { continue }
            let known = names.map { ($0, KeyDecision.harmless("part of \(key)")) }
            try KeyDecisions(fileName, Dictionary(uniqueKeysWithValues: known))
                .check(part, ignoring: ignored, at: "\(key).")
        }
    }
}

/// The methods that PEFT's files are read and written of.
package enum PEFTFormats {
    package static let all: [any PEFTFormat.Type] = MethodRegistry.all.compactMap { $0.peft }

    /// - Throws: `unsupported-adapter`.
    static func type(of json: JSON) throws -> any PEFTFormat.Type {
        let kind = json["peft_type"]?.string ?? "nothing"
        if let found = all.first(where: { $0.peftType == kind }) { return found }
        throw Diagnostic(
            "unsupported-adapter",
            "\(PEFTKeys.fileName): peft_type is \(kind.prefix(40)), "
                + "supported \(all.count == 1 ? "is" : "are") \(all.map { $0.peftType }.joined(separator: ", "))"
        )
    }
}
