import Language

/// Keys that several verbs take, declared once.
extension VerbParameter where Wanted == Int? {
    /// - `otherwise`: what holds where it is not given.
    static func maxLength(
        _ doc: String = "tokens of a text; more are cut off", otherwise: String
    ) -> VerbParameter<Int?> {
        VerbParameter<Int?>("max_length", doc, 8...1_000_000)
            .also("cutoff_len", "sequence_len", "max_seq_length").unit("tokens").automatic(otherwise)
    }

    /// - `doc`: what it decides.
    static func seed(_ doc: String) -> VerbParameter<Int?> {
        VerbParameter<Int?>("seed", doc, 0...Int.max).otherwise("the session's seed")
    }
}

extension VerbParameter where Wanted == String? {
    /// The part of the data to judge by.
    static func part(otherwise: String) -> VerbParameter<String?> {
        VerbParameter<String?>("on", "which part", .choice(splitChoices)).also("split").positional()
            .otherwise(otherwise)
    }
}

/// The parts of a data set, for parameters.
let splitChoices = [
    Choice("train", "what is learned from", aliases: ["training"]),
    Choice("validation", "what choices are made by", aliases: ["valid", "val", "dev"]),
    Choice("test", "what the result is judged by"),
]
