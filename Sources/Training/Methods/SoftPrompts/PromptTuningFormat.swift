import Compute
import Diagnostics
import JSON
import Learning
import Models

/// Prompt tuning in PEFT's files.
package struct PromptTuningFormat: PEFTPromptFormat {
    package static let peftType = "PROMPT_TUNING"
    package static let name = "prompt tuning"
    package static var method: any Method.Type { PromptTuningMethod.self }
    /// Of PEFT's `PromptTuningConfig`.
    package static let keys: [String: KeyDecision] = PEFTPromptShape.keys.merging([
        "num_attention_heads": .harmless("rows of the embeddings are no head's"),
        "num_layers": .harmless("rows of the embeddings are no block's"),
        "prompt_tuning_init": .harmless("how the rows began; the file has what became of them"),
        "prompt_tuning_init_text": .harmless("what the rows began as; the file has what became of them"),
        "tokenizer_name_or_path": .harmless("read the text that the rows began as"),
        "tokenizer_kwargs": .harmless("read the text that the rows began as"),
    ]) { $1 }

    private let read: PEFTPromptShape
    /// `at`, which PEFT's file cannot hold.
    package var noted: [String: SettingValue] = [:]

    package init(reading keys: PEFTKeys) throws { read = try PEFTPromptShape(reading: keys) }

    private var place: PromptPlace {
        if case .word(let word) = noted["at"] { PromptPlace(word) } else { .start }
    }

    package func shape(on model: any LanguageModel) throws -> [Int] {
        try place.require(model)
        try read.require(width: model.config.width, of: model)
        return [read.tokens, model.config.width]
    }

    package func tuning(of model: any LanguageModel, from values: Buffer) throws -> Tuning {
        Tuning(PromptTuning(values, width: model.config.width, tokensBefore: place.tokensBefore))
    }

    package var values: SettingValues {
        SettingValues(
            PromptTuningMethod.declaration.settings,
            ["tokens": .count(read.tokens)].merging(noted.filter { $0.key == "at" }) { $1 })
    }

    package var remarks: [String] {
        place == .start
            ? [] : ["the virtual tokens stand after [CLS], by its notes; PEFT puts them before it"]
    }

    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        place.sharingRemarks(on: model, isWriting: isWriting)
    }

    // MARK: - Writing

    package init?(describing tuning: Tuning, of model: any LanguageModel) {
        guard let prompt = tuning.leading as? PromptTuning, tuning.places == [.leading] else { return nil }
        read = PEFTPromptShape(
            tokens: prompt.count, width: model.config.width, heads: model.config.heads,
            blocks: model.config.blocks)
        let place = PromptPlace(tokensBefore: prompt.tokensBefore)
        if place != .start { noted["at"] = .word(place.rawValue) }
    }

    /// As if the rows had begun at random: any other start makes PEFT ask for a tokenizer, or for a newer PEFT.
    package var json: JSONObject {
        read.json.merging([
            "prompt_tuning_init": "RANDOM", "prompt_tuning_init_text": nil, "tokenizer_kwargs": nil,
            "tokenizer_name_or_path": nil,
        ])
    }

    package static func values(of tuning: Tuning) throws -> Buffer? {
        (tuning.leading as? PromptTuning)?.prompt.dense()
    }
}

extension JSONObject {
    func merging(_ other: JSONObject) -> JSONObject {
        var both = self
        for (key, value) in other { both[key] = value }
        return both
    }
}
