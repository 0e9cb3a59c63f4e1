import Compute
import Diagnostics
import Learning
import Models
import System
import Tokenizers

/// Trained rows in the place of words, in every text (Lester et al. 2021).
package struct PromptTuningMethod: TextReadingMethod {
    static let verb = "prompt_tuning"

    package static let declaration = MethodDeclaration(
        verb, title: "prompt tuning",
        summary: "tunes virtual tokens before every text, beside frozen weights",
        details: """
            Rows as wide as the model's embeddings stand before the words of every text; they and the classifier are \
            trained, and nothing else. They take positions of the model's: a text may be so many tokens shorter.

            at=start is PEFT's arithmetic, in which such adapters travel: an encoder's classifier that pools [CLS] \
            then reads the first virtual token in its place, and one that pools the mean takes them all into it. \
            at=after_cls leaves [CLS] where it was trained to \
            stand, the better form for an encoder, which PEFT does not compute.
            """,
        settings: [
            .virtualTokens("virtual tokens: trained rows of the embeddings' width"),
            SettingDeclaration(
                "init", "how they begin",
                .choice([
                    .init(
                        "vocab", "as random tokens of the vocabulary",
                        aliases: ["sample_vocab", "prompttuninginit.sample_vocab"]),
                    .init("text", "as the tokens of text=", aliases: ["prompttuninginit.text"]),
                    .init(
                        "random", "standard normal, PEFT's default, from which little is learned",
                        aliases: ["prompttuninginit.random"]),
                ]), otherwise: "vocab, or text where one is given", aliases: ["prompt_tuning_init"]),
            StartingText.setting,
            SettingDeclaration(
                "at", "where they stand",
                .choice([
                    .init("start", "before all tokens, as PEFT has it"),
                    .init("after_cls", "after [CLS], the better form for an encoder"),
                ]), usual: .word("start")),
            MethodDeclaration.seed,
        ],
        // The LLaMA-2 study's where the model writes. PEFT's own example with a classifier has 1e-3 over twenty
        // epochs, with which three of a few hundred texts learn next to nothing.
        rate: UsualRate(1e-2, (.writing, 3e-2)),
        examples: [
            .init("prompt_tuning tokens=25", "as random words"),
            .init("prompt_tuning tokens=8 text='Is this review good or bad?'", "as the words of a question"),
            .init("prompt_tuning at=after_cls", "on an encoder, with [CLS] first"),
            .init(
                "prompt_tuning num_virtual_tokens=8 prompt_tuning_init=RANDOM", "in PEFT's words"),
        ],
        foreign: ForeignSetting.promptLearning(verb: verb)
            + ForeignSetting.passedOver(
                "the model's own tokenizer reads the text", "tokenizer_name_or_path", "tokenizer_kwargs"))

    package static var peft: (any PEFTFormat.Type)? { PromptTuningFormat.self }

    package let values: SettingValues
    private let tokens: Int
    private let start: StartingText
    private let place: PromptPlace

    package init(_ values: SettingValues) throws {
        self.values = values
        tokens = values.count("tokens") ?? 1
        start = try StartingText(values)
        place = PromptPlace(values.word("at"))
    }

    func tuning(
        of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64
    ) throws -> Tuning {
        try place.require(model)
        try model.requireRoom(besides: tokens)
        return Tuning(
            PromptTuning(
                try rows(of: model, by: tokenizer, seed: seed), width: model.config.width,
                tokensBefore: place.tokensBefore))
    }

    /// What they begin as: (tokens, width).
    private func rows(of model: any LanguageModel, by tokenizer: (any Tokenizer)?, seed: UInt64) throws
        -> Buffer
    {
        var random = CounterRandom(seed: seed, purpose: Self.verb)
        func words(_ ids: [Int32]) -> Buffer {
            Pass(Layout(lengths: [])).embed(ids, table: model.words).buffer
        }
        if let text = start.text {
            return words(try StartingText.ids(text, count: tokens, for: model, by: tokenizer))
        }
        guard values.word("init") == "random" else {
            return words((0..<tokens).map { _ in Int32(random.integer(below: model.words.rows)) })
        }
        return Buffer((0..<tokens * model.config.width).map { _ in random.normal() })
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        place.remarks(on: model, isWriting: isWriting)
    }

    package func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        place.sharingRemarks(on: model, isWriting: isWriting)
    }
}

/// Where virtual tokens stand.
enum PromptPlace: String {
    case start
    case afterFirst = "after_cls"

    init(_ word: String?) { self = word.flatMap(PromptPlace.init(rawValue:)) ?? .start }

    init(tokensBefore: Int) { self = tokensBefore > 0 ? .afterFirst : .start }

    var tokensBefore: Int { self == .start ? 0 : 1 }

    /// - Throws: `no-cls` for a decoder, whose texts begin with no token of their own.
    func require(_ model: any LanguageModel) throws {
        guard self == .afterFirst, model.isCausal else { return }
        throw Diagnostic(
            "no-cls", "the texts of this \(model.config.family) begin with no [CLS] to stand after",
            about: "at", hint: "write at=start")
    }

    /// What is to be known of PEFT's arithmetic.
    func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        guard self == .start, !model.isCausal else { return [] }
        return [
            "as in PEFT, the virtual tokens stand before [CLS]: a classifier that pools [CLS] reads the first of them "
                + "(at=after_cls leaves [CLS] first)"
        ]
    }

    func sharingRemarks(on model: any LanguageModel, isWriting: Bool) -> [String] {
        if self == .afterFirst {
            return [
                "the virtual tokens stand after [CLS], and PEFT puts them before it: there its outputs differ "
                    + "(at=start is PEFT's form)"
            ]
        }
        guard model.isCausal, !isWriting else { return [] }
        return [
            "PEFT's classifier reads the last place of each row here: give it one text at a time, or pad on the left"
        ]
    }
}

extension Tuning {
    /// Rows in every sequence, and nothing else.
    init(_ prompt: PromptTuning) {
        // A value of its own: what is set within an initializer calls no observers.
        var made = Tuning(reach: .embeddings)
        made.beginsElsewhere = true
        made.leading = prompt
        made.groups = [ParameterGroup(prompt.parameters)]
        self = made
    }
}
