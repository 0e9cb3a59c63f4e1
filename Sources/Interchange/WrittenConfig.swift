import Diagnostics
import JSON
import Learning
import Models

/// The config.json of a written model: what the engine knows, and what the source's own says besides.
struct WrittenConfig {
    private(set) var json: JSON

    /// Harmless to read, and written anew or true of the source's files alone.
    private static let dropped: Set<String> = [
        "architectures", "torch_dtype", "dtype", "transformers_version", "_name_or_path", "name_or_path",
        "_commit_hash", "auto_map", "id2label", "label2id", "num_labels", "_num_labels",
    ]

    /// Used where texts are pooled, and true of the tokenizer that is copied.
    private static let padding = "pad_token_id"

    /// - Throws: `unsupported-model` for a family without a config.json to write.
    init(
        _ model: any LanguageModel, head: ClassificationHead?, labels: [String], source: ModelSource,
        padding: Int32?
    ) throws {
        guard let family = ModelRegistry.family(named: model.config.family) else {
            throw Diagnostic(
                "unsupported-model", "a model of the family \(model.config.family) cannot be written")
        }
        var object = family.reference(model.config)
        // What is used here is written as it was understood, in one way; the rest changes no numbers.
        for (key, value) in try source.config?.object ?? [:] where object[key] == nil {
            guard !Self.dropped.contains(key) else { continue }
            if case .harmless = family.keys.decision(on: key) { object[key] = value }
            if key == Self.padding { object[key] = value }
        }
        let hasHead = head != nil
        let language = model.hasLanguageHead ? family.languageClass : "\(family.classPrefix)Model"
        object["architectures"] = [
            .string(hasHead ? "\(family.classPrefix)ForSequenceClassification" : language)
        ]
        object["torch_dtype"] = "float32"
        for (key, value) in source.tokenIDs where object[key]?.isNull ?? true { object[key] = value }
        if let head {
            let names = (0..<head.classifier.outputs).map {
                labels.indices.contains($0) ? labels[$0] : "LABEL_\($0)"
            }
            object["id2label"] = .object(JSONObject(names.enumerated().map { ("\($0)", .string($1)) }))
            object["label2id"] = .object(JSONObject(names.enumerated().map { ($1, .integer($0)) }))
            object["problem_type"] = .string(SavedHead.problem(of: head.classifier.outputs))
            // The reference finds a sequence's last token by what pads the ones beside it.
            if model.isCausal, object["pad_token_id"]?.isNull ?? true {
                object["pad_token_id"] =
                    padding.map { .integer(Int($0)) } ?? object["eos_token_id"]?[0] ?? object["eos_token_id"]
                    ?? .integer(0)
            }
        }
        json = .object(object)
    }
}
