import Diagnostics
import Language
import Training

/// Figures of texts that a model writes, as keys of `evaluate`.
struct TextJudging: ParameterBundle, Sendable {
    private let metrics = VerbParameter<[String]>(
        "metrics", "have the model write the answers, and compare the texts with the known ones",
        listOf: .choice(TextMetricRegistry.all.map { Choice($0.name, $0.title) }), default: []
    ).otherwise("none: how probable the known answers are is judged without writing any")
    private let maxTokens = VerbParameter<Int>(
        "max_tokens", "tokens of an answer that is written, at most", 1...100_000, default: 128
    ).also("max_new_tokens").unit("tokens")

    var declarations: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    /// Where in a cell they are asked for.
    func span(in arguments: Arguments) -> SourceSpan { arguments.span(of: metrics) }

    /// What is to be judged by; empty for nothing.
    ///
    /// - Throws: `unused-key`.
    func chosen(in arguments: Arguments) throws -> [any TextMetric] {
        var names: [String] = []
        for name in arguments[metrics] where !names.contains(name) { names.append(name) }
        let chosen = names.compactMap(TextMetricRegistry.named)
        guard !chosen.isEmpty || !arguments.isGiven(maxTokens) else {
            throw Diagnostic(
                "unused-key", "max_tokens= is of answers that are written, and none are asked for",
                at: arguments.span(of: maxTokens), hint: "write metrics=bleu beside it, or leave it out")
        }
        return chosen
    }

    /// The likeliest tokens.
    func settings(in arguments: Arguments, seed: Int) -> GenerationSettings {
        var settings = GenerationSettings()
        (settings.maxTokens, settings.seed) = (arguments[maxTokens], UInt64(seed))
        return settings
    }
}
