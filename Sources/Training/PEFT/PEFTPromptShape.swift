import Diagnostics
import JSON
import Models

/// What every file of PEFT's prompt learning says of its size, and of the model that it was made for.
struct PEFTPromptShape: Sendable {
    let tokens: Int
    /// Of a row, or of one block's keys.
    let width: Int?
    let heads: Int?
    let blocks: Int?

    static let keys: [String: KeyDecision] = [
        "num_virtual_tokens": .used, "token_dim": .used,
        "num_transformer_submodules": .only([1], "1: a model here is an encoder or a decoder"),
    ]

    init(tokens: Int, width: Int?, heads: Int?, blocks: Int?) {
        (self.tokens, self.width, self.heads, self.blocks) = (tokens, width, heads, blocks)
    }

    /// - Throws: `bad-adapter`.
    init(reading keys: PEFTKeys) throws {
        func count(_ key: String) throws -> Int? {
            guard let value = keys[key], !value.isNull else { return nil }
            return try PEFTKeys.rank(value, of: key)
        }
        guard let tokens = try count("num_virtual_tokens") else {
            throw PEFTKeys.bad("is missing: how many virtual tokens are there?", of: "num_virtual_tokens")
        }
        self.init(
            tokens: tokens, width: try count("token_dim"), heads: try count("num_attention_heads"),
            blocks: try count("num_layers"))
    }

    /// - `heads`, `blocks`: nil where the method does not go by them.
    /// - Throws: `wrong-base` for a model of another shape; `too-long` for one with fewer places.
    func require(width: Int, heads: Int? = nil, blocks: Int? = nil, of model: any LanguageModel) throws {
        let compared = [
            ("token_dim", self.width, width), ("num_attention_heads", self.heads, heads),
            ("num_layers", self.blocks, blocks),
        ]
        for case (let key, let found?, let expected?) in compared where found != expected {
            throw Diagnostic(
                "wrong-base",
                "\(PEFTKeys.fileName): \(key) is \(found), and this \(model.config.family) has \(expected)",
                hint: "load the adapter's own base model")
        }
        try model.requireRoom(besides: tokens)
    }

    var json: JSONObject {
        func number(_ count: Int?) -> JSON { count.map(JSON.integer) ?? .null }
        return [
            "num_attention_heads": number(heads), "num_layers": number(blocks),
            "num_transformer_submodules": 1, "num_virtual_tokens": .integer(tokens),
            "token_dim": number(width),
        ]
    }
}
