import Diagnostics
import Language
import Training

/// How texts are written, as keys of every verb that has the model write.
struct GenerationParameters: ParameterBundle, Sendable {
    private let maxTokens = VerbParameter<Int>(
        "max_tokens", "tokens of a text, at most", 1...100_000, default: 128
    ).also("max_new_tokens").unit("tokens")
    private let sample = VerbParameter<Bool?>(
        "sample", "draw each token, in place of taking the likeliest one"
    ).also("do_sample").otherwise("yes with temperature, top_k, top_p or min_p")
    private let temperature = VerbParameter<Double?>(
        "temperature",
        "divides the logits: above 1 evens chances out, below it sharpens them; 0 draws nothing",
        .from(0, to: 100)
    ).otherwise("1 where tokens are drawn")
    private let topK = VerbParameter<Int?>(
        "top_k", "draw from so many likeliest tokens", 0...1_000_000
    ).otherwise("from all of them")
    private let topP = VerbParameter<Double?>(
        "top_p", "draw from the likeliest tokens that make up so much of the probability", .from(0, to: 1)
    ).otherwise("from all of them")
    private let minP = VerbParameter<Double?>(
        "min_p", "draw from tokens with this share of the likeliest one's probability", .from(0, to: 1)
    ).otherwise("from all of them")
    private let penalty = VerbParameter<Double>(
        "repetition_penalty", "divides the logits of tokens that are there already", .above(0, to: 100),
        default: 1)
    private let stop = VerbParameter<[String]>(
        "stop", "ends a text before the first of these strings", listOf: .text, default: []
    ).also("stop_strings", unlessGiven: "none")
    private let seed = VerbParameter<Int?>.seed("of what is drawn")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    /// - `seed`: where none is given.
    /// - Throws: `two-values` for filters beside what draws nothing.
    func settings(in arguments: Arguments, seed usual: Int) throws -> GenerationSettings {
        var settings = GenerationSettings()
        settings.maxTokens = arguments[maxTokens]
        settings.repetitionPenalty = Float(arguments[penalty])
        settings.stops = arguments[stop]
        settings.seed = UInt64(arguments[seed] ?? usual)
        settings.sampling = try sampling(in: arguments)
        guard settings.sampling != nil || !arguments.isGiven(seed) else {
            throw Diagnostic(
                "unused-key", "seed= is of what is drawn, and the likeliest token is taken each time",
                at: arguments.span(of: seed), hint: "write temperature=0.8 beside it, or leave seed out")
        }
        guard settings.stops.allSatisfy({ !$0.isEmpty }) else {
            throw Diagnostic(
                "bad-value", "a stop string is empty", at: arguments.span(of: stop),
                hint: "leave it out of stop")
        }
        return settings
    }

    /// What tokens are drawn by; nil where the likeliest is taken.
    private func sampling(in arguments: Arguments) throws -> GenerationSettings.Sampling? {
        let filters = [topK.declaration, topP.declaration, minP.declaration].filter {
            arguments.given($0.name) != nil
        }
        let draws = arguments[sample] ?? (arguments[temperature].map { $0 > 0 } ?? !filters.isEmpty)
        guard draws else {
            let others = arguments[temperature].map { $0 > 0 } == true ? [temperature.declaration] : filters
            guard let other = others.first else { return nil }
            let first = arguments.isGiven(sample) ? "sample=no" : "temperature=0"
            throw Diagnostic(
                "two-values",
                "\(first) takes the likeliest token each time, and \(other.name) says how to draw",
                at: arguments.span(of: other.name), hint: "leave one of them out")
        }
        guard arguments[temperature] != 0 else {
            throw Diagnostic(
                "two-values", "temperature=0 takes the likeliest token each time, and sample=yes draws",
                at: arguments.span(of: temperature), hint: "leave one of them out")
        }
        return GenerationSettings.Sampling(
            temperature: Float(arguments[temperature] ?? 1),
            topK: arguments[topK].flatMap { $0 > 0 ? $0 : nil },
            topP: arguments[topP], minP: arguments[minP])
    }
}
