import Compute
import JSON
import Learning
import Models

/// Prefix tuning in PEFT's files: with grouped heads they count those of the keys.
package struct PrefixTuningFormat: PEFTPromptFormat {
    package static let peftType = "PREFIX_TUNING"
    package static let name = "prefix tuning"
    package static var method: any Method.Type { PrefixTuningMethod.self }
    /// Of PEFT's `PrefixTuningConfig`.
    package static let keys: [String: KeyDecision] = PEFTPromptShape.keys.merging([
        "num_attention_heads": .used, "num_layers": .used,
        "prefix_projection": .used,
        "encoder_hidden_size": .harmless("of the layers that made the prefix; the file has what they made"),
        "init_weights": .harmless("how the prefix began; the file has what became of it"),
    ]) { $1 }

    private let read: PEFTPromptShape
    private let wasProjected: Bool

    package init(reading keys: PEFTKeys) throws {
        read = try PEFTPromptShape(reading: keys)
        wasProjected = try keys.flag("prefix_projection")
    }

    package func shape(on model: any LanguageModel) throws -> [Int] {
        let config = model.config
        try read.require(
            width: model.keyWidth, heads: config.keyValueHeads, blocks: config.blocks, of: model)
        return [read.tokens, 2 * config.blocks * model.keyWidth]
    }

    package func tuning(of model: any LanguageModel, from values: Buffer) throws -> Tuning {
        let blocks = model.config.blocks
        return Tuning(PrefixEncoder(values, blocks: blocks, width: model.keyWidth), blocks: blocks)
    }

    package var values: SettingValues {
        SettingValues(PrefixTuningMethod.declaration.settings, ["tokens": .count(read.tokens)])
    }

    package var remarks: [String] {
        wasProjected ? ["the prefix was made by two layers, which no file holds: it is trained itself"] : []
    }

    // MARK: - Writing

    package init?(describing tuning: Tuning, of model: any LanguageModel) {
        guard let prefix = tuning.keyValues[0] as? PrefixTuning, tuning.places == [.keyValues],
            tuning.keyValues.count == model.config.blocks
        else { return nil }
        read = PEFTPromptShape(
            tokens: prefix.count, width: model.keyWidth, heads: model.config.keyValueHeads,
            blocks: model.config.blocks)
        wasProjected = prefix.encoder.projection != nil
    }

    /// The file holds the prefix itself: nothing of what may have made it is said.
    package var json: JSONObject {
        read.json.merging([
            "encoder_hidden_size": read.json["token_dim"] ?? .null, "prefix_projection": false,
        ])
    }

    package static func values(of tuning: Tuning) throws -> Buffer? {
        try (tuning.keyValues[0] as? PrefixTuning)?.encoder.values()
    }
}
