import JSON
import Learning
import Models
import Tokenizers
import Training

/// Models of seeded random weights: nothing to download, small enough to train in seconds.
enum NanoModel {
    static func encoder(_ request: ModelRequest) throws -> LoadedModel {
        try made(
            request,
            config: [
                "model_type": "bert", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                "intermediate_size": 128, "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12,
                "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0,
            ],
            pooling: .mean)
    }

    static func decoder(_ request: ModelRequest) throws -> LoadedModel {
        try made(
            request,
            config: [
                "model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
                "num_key_value_heads": 2, "intermediate_size": 128, "hidden_act": "silu",
                "rms_norm_eps": 1e-5, "tie_word_embeddings": true,
            ],
            pooling: .last)
    }

    private static func made(
        _ request: ModelRequest, config: JSONObject, pooling: Pooling
    ) throws -> LoadedModel {
        try IgnoredKeys.require(request.ignoring, among: [], of: "models of random weights")
        let tokenizer = NanoTokenizer(isEncoder: config["model_type"] == "bert")
        var config = config
        let most = config["num_hidden_layers"]?.integer ?? 0
        config["num_hidden_layers"] = .integer(try request.blocks?.asBlocks(of: most) ?? most)
        config["vocab_size"] = .integer(tokenizer.vocabularySize)
        config["max_position_embeddings"] = 512
        var exact = request
        exact.precision = request.precision ?? .f32
        return LoadedModel(
            name: request.name, source: "random weights, seed \(request.seed)",
            model: try ModelRegistry.randomModel(
                config: .object(config), seed: request.seed, precision: exact.precision ?? .f32),
            tokenizer: tokenizer, pooling: request.pooling ?? pooling, isUntrained: true,
            request: exact)
    }
}
