import Compute
import Diagnostics
import Learning
import Models
import System
import Tokenizers

/// Trained keys and values before every text's own, in every block (Li & Liang 2021).
package struct PrefixTuningMethod: TextReadingMethod {
    static let verb = "prefix_tuning"

    package static let declaration = MethodDeclaration(
        verb, title: "prefix tuning",
        summary: "tunes keys and values before every text's own, beside frozen weights",
        details: """
            In every block a text's tokens attend to trained keys and values before their own; these and the \
            classifier are trained, and nothing else. Positions go on behind them, as in PEFT: a text may be so many \
            tokens shorter.

            projection=yes trains a table and two layers with tanh between them, of which the prefix is computed, as \
            its authors do; the files hold the prefix that it has come to.
            """,
        settings: [
            .virtualTokens("virtual tokens: keys and values in each block"),
            SettingDeclaration(
                "projection", "make the prefix of a smaller table by two layers", .flag, usual: .flag(false),
                aliases: ["prefix_projection"]),
            SettingDeclaration(
                "hidden", "width between those layers", .count(1...65_536),
                otherwise: "as wide as a block's keys, as PEFT has it", aliases: ["encoder_hidden_size"],
                foreignDefaults: ["encoder_hidden_size": "none"]),
            SettingDeclaration(
                "init", "how the prefix begins",
                .choice([
                    .init("zero", "at zero, from which more is learned than from random numbers"),
                    .init(
                        "random",
                        "standard normal, PEFT's default; with projection=yes as PyTorch's layers do",
                        aliases: ["none"]),
                    .init("text", "as what the model makes of text="),
                ]), otherwise: "zero, or text where one is given", aliases: ["init_weights"]),
            SettingDeclaration(
                "text",
                "the text that the prefix begins as, with init=text: its tokens over and over, or the first of them",
                .text, otherwise: "none"),
            MethodDeclaration.seed,
        ],
        // Of PEFT's own example with a classifier; of the authors' (Li & Liang) with a projection.
        rate: UsualRate(1e-2, (.given("projection"), 5e-5)),
        examples: [
            .init("prefix_tuning tokens=10", "ten keys and values in every block"),
            .init("prefix_tuning tokens=10 projection=yes hidden=32", "through two layers"),
            .init(
                "prefix_tuning tokens=8 text='Is this review good or bad?'", "as if a question stood before"),
            .init("prefix_tuning num_virtual_tokens=8 prefix_projection=True", "in PEFT's words"),
        ],
        foreign: ForeignSetting.promptLearning(verb: verb))

    package static var peft: (any PEFTFormat.Type)? { PrefixTuningFormat.self }

    package let values: SettingValues
    private let tokens: Int
    private let start: StartingText
    private let isProjected: Bool

    package init(_ values: SettingValues) throws {
        self.values = values
        tokens = values.count("tokens") ?? 1
        start = try StartingText(values)
        isProjected = values.flag("projection")
        if !isProjected, values.isGiven("hidden") {
            throw Diagnostic(
                "no-use", "without a projection there are no layers for hidden= to be between",
                about: "hidden",
                hint: "write projection=yes, or leave hidden= out")
        }
        if isProjected, start.text != nil {
            throw Diagnostic(
                "no-use", "a projection begins with layers of its own, and not with a text", about: "text",
                hint: "write projection=no, or leave text= out")
        }
    }

    func tuning(
        of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64
    ) throws -> Tuning {
        try model.requireRoom(besides: tokens)
        return Tuning(try encoder(of: model, by: tokenizer, seed: seed), blocks: model.config.blocks)
    }

    private func encoder(
        of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64
    ) throws -> PrefixEncoder {
        let (blocks, width) = (model.config.blocks, model.keyWidth)
        var random = CounterRandom(seed: seed, purpose: Self.verb)
        let isZero = values.word("init") ?? "zero" == "zero"
        if isProjected {
            return PrefixEncoder(
                tokens: tokens, blocks: blocks, width: width, hidden: values.count("hidden") ?? width,
                isZero: isZero, random: &random)
        }
        if let text = start.text {
            let ids = try StartingText.ids(text, count: tokens, for: model, by: tokenizer)
            return PrefixEncoder(of: try model.seen(ids), tokens: tokens, blocks: blocks, width: width)
        }
        let count = tokens * 2 * blocks * width
        let rows = isZero ? Buffer(zeros: count) : Buffer((0..<count).map { _ in random.normal() })
        return PrefixEncoder(rows, blocks: blocks, width: width)
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        isProjected ? ["save writes the prefix itself; its layers are gone once it is opened"] : []
    }
}

extension Tuning {
    /// A prefix in every block, and nothing else.
    init(_ encoder: PrefixEncoder, blocks: Int) {
        // A value of its own: what is set within an initializer calls no observers.
        var made = Tuning(reach: .block(0))
        // Keys that every token sees take a share of its attention.
        made.beginsElsewhere = true
        for block in 0..<blocks { made.keyValues[block] = PrefixTuning(encoder, block: block) }
        made.groups = [ParameterGroup(encoder.parameters)]
        self = made
    }
}

extension LanguageModel {
    /// Of the keys of one block, and of its values: fewer heads' than the queries' where these share them.
    var keyWidth: Int { config.keyValueHeads * config.headWidth }

    /// What every block's tokens would see of a text before them.
    fileprivate func seen(_ ids: [Int32]) throws -> PrefixCache {
        let pass = Pass(Layout(lengths: [ids.count]))
        let cache = PrefixCache()
        pass.prefix = cache
        _ = try hiddenStates(Tokens(ids: ids), pass)
        return cache
    }
}
