import Diagnostics
import JSON
import Learning
import Models

extension AdapterConfig {
    /// Reads `adapter_config.json`.
    ///
    /// - `ignored`: keys that the person goes on without.
    /// - Throws: `unsupported-adapter` for what is not LoRA, `unsupported-key` for what is not plain LoRA,
    ///   `bad-adapter` for values of a wrong kind.
    package init(reading file: JSON, ignoring ignored: Set<String> = []) throws {
        guard var object = file.object else { throw Self.bad("is no object", of: "it") }
        try Self.refuseOtherKinds(file)
        try Self.check(file, ignoring: ignored)
        for key in ignored { object[key] = nil }
        let json = JSON.object(object)
        baseModel = json["base_model_name_or_path"]?.string
        task = json["task_type"]?.string
        lora.r = try Self.rank(json["r"] ?? 8, of: "r")
        lora.alpha = Float(try Self.number(json["lora_alpha"] ?? 8, of: "lora_alpha"))
        guard lora.alpha.isFinite else { throw Self.bad("is too large a number", of: "lora_alpha") }
        lora.dropout = Float(try Self.number(json["lora_dropout"] ?? 0, of: "lora_dropout"))
        guard lora.dropout >= 0, lora.dropout < 1 else {
            throw Self.bad("is \(lora.dropout), expected 0 to below 1", of: "lora_dropout")
        }
        lora.usesRankStabilisation = try Self.flag(json["use_rslora"], of: "use_rslora")
        try readInitialisation(json["init_lora_weights"] ?? true)
        guard let targets = try Self.targets(json["target_modules"], of: "target_modules") else {
            throw Self.bad("names no layers", of: "target_modules")
        }
        self.targets = targets
        excluded = try Self.targets(json["exclude_modules"], of: "exclude_modules")
        layers = try Self.layers(json["layers_to_transform"])
        layersPattern = try Self.names(json["layers_pattern"], of: "layers_pattern")
        ranks = try Self.patterns(json["rank_pattern"], of: "rank_pattern")
        for pattern in ranks { _ = try Self.rank(.number(pattern.value), of: "rank_pattern") }
        alphas = try Self.patterns(json["alpha_pattern"], of: "alpha_pattern")
        isStoredInByOut = json["fan_in_fan_out"]?.bool ?? false
        tiesTables = try Self.flag(json["ensure_weight_tying"], of: "ensure_weight_tying")
        modulesToSave = try Self.names(json["modules_to_save"], of: "modules_to_save")
        bias = json["bias"]?.string ?? bias
        try readMapping(json["auto_mapping"])
        if layers != nil, case .expression(let text) = targets {
            throw Self.bad(
                "goes with a list of target_modules only, here they are the expression \(text.prefix(80))",
                of: "layers_to_transform")
        }
    }

    private static func refuseOtherKinds(_ json: JSON) throws {
        let kind = json["peft_type"]?.string ?? "nothing"
        guard kind == "LORA" else {
            throw Diagnostic(
                "unsupported-adapter", "\(fileName): peft_type is \(kind.prefix(40)), supported is LORA")
        }
    }

    /// Starts that leave the base as it is need nothing; of the others, those that follow from the base's
    /// weights alone.
    private mutating func readInitialisation(_ value: JSON) throws {
        switch value.bool.map({ _ in "" }) ?? value.string?.lowercased() {
        case "", "eva", "orthogonal", "mica": break
        case "gaussian": lora.initialisation = .gaussian
        case "pissa": start = .principal
        case "olora": start = .orthonormal
        default:
            throw Self.unsupported(
                "init_lora_weights", value,
                "it changed the base's weights in a way that the files do not hold; PEFT's "
                    + "save_pretrained(…, path_initial_model_for_weight_conversion=…) makes it plain LoRA")
        }
    }

    /// Without a task, PEFT notes the class of the base model.
    private mutating func readMapping(_ value: JSON?) throws {
        guard let value, let name = value["base_model_class"]?.string else { return }
        let known = ["Model", "ForCausalLM", "LMHeadModel", "ForMaskedLM", "ForSequenceClassification"]
        guard known.contains(where: name.hasSuffix) else {
            throw Self.unsupported(
                "auto_mapping", value, "base models, language models and sentence classifiers")
        }
        mapsClassifier = name.hasSuffix(ModelTask.classification.rawValue)
    }

    private static func flag(_ json: JSON?, of key: String) throws -> Bool {
        guard let json, !json.isNull else { return false }
        guard let flag = json.bool else {
            throw bad("is \(json.text().prefix(40)), expected true or false", of: key)
        }
        return flag
    }

    private static func rank(_ json: JSON, of key: String) throws -> Int {
        guard let rank = json.integer, (1...65_536).contains(rank) else {
            throw bad("is \(json.text().prefix(40)), expected a whole number from 1", of: key)
        }
        return rank
    }

    private static func number(_ json: JSON, of key: String) throws -> Double {
        guard let number = json.number, number.isFinite else {
            throw bad("is \(json.text().prefix(40)), expected a number", of: key)
        }
        return number
    }

    private static func targets(_ json: JSON?, of key: String) throws -> Targets? {
        guard let json, !json.isNull else { return nil }
        if let text = json.string { return .expression(text) }
        return .names(try names(json, of: key))
    }

    /// One name or a list of them.
    private static func names(_ json: JSON?, of key: String) throws -> [String] {
        guard let json, !json.isNull else { return [] }
        if let one = json.string { return [one] }
        guard let list = json.array, case let names = list.compactMap(\.string), names.count == list.count
        else { throw bad("is no list of names", of: key) }
        return names
    }

    private static func layers(_ json: JSON?) throws -> [Int]? {
        guard let json, !json.isNull else { return nil }
        if let one = json.integer { return [one] }
        guard let list = json.array, case let numbers = list.compactMap(\.integer),
            numbers.count == list.count
        else { throw bad("is no list of block numbers", of: "layers_to_transform") }
        return numbers.isEmpty ? nil : numbers
    }

    private static func patterns(_ json: JSON?, of key: String) throws -> [Pattern] {
        guard let json, !json.isNull else { return [] }
        guard let object = json.object else { throw bad("is no object", of: key) }
        return try object.map { Pattern($0.key, try number($0.value, of: key)) }
    }

    private static func bad(_ what: String, of key: String) -> Diagnostic {
        Diagnostic("bad-adapter", "\(fileName): \(key) \(what)")
    }
}
