import JSON

extension ModelRegistry {
    /// A model of seeded random weights, of the shape that a config.json would describe.
    ///
    /// - `precision`: nf4 quantises the blocks' linear layers.
    /// - Throws: what is missing or unsupported in the configuration.
    package static func randomModel(
        config json: JSON, seed: UInt64, precision: Precision = .f32
    ) throws -> any LanguageModel {
        let reader = ConfigReader(json: json, source: "the configuration")
        guard let family = family(named: json["model_type"]?.string ?? "") else {
            throw reader.missing("model_type")
        }
        try family.keys.check(json)
        return try family.make(family.config(reader), ParameterStore(seed: seed, precision: precision))
    }
}
