import Compute
import Foundation
import JSON
import Models
import TestFixtures

/// Models of random weights, small in depth and as wide as those that are tuned: products take the same paths.
enum SizedModels {
    static let width = 192

    /// - `family`: one of the golden files' models, whose other settings stay.
    static func model(
        _ family: String, precision: Precision = .f32, blocks: Int = 2
    ) throws -> any LanguageModel {
        try BLAS.prepare()
        let file = URL(filePath: GoldenFiles.model(family)).appending(path: "config.json")
        var config = try JSON(parsing: Data(contentsOf: file)).object ?? [:]
        let sizes: [String: Int] =
            family == "gpt2"
            ? ["n_embd": width, "n_layer": blocks, "n_positions": 64]
            : [
                "hidden_size": width, "intermediate_size": 512, "num_hidden_layers": blocks,
                "max_position_embeddings": 64,
            ]
        for (key, size) in sizes { config[key] = .integer(size) }
        if family == "llama" { config["head_dim"] = .integer(width / 4) }
        return try ModelRegistry.randomModel(config: .object(config), seed: 3, precision: precision)
    }
}
