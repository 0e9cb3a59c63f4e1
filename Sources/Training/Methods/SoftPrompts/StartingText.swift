import Diagnostics
import Learning
import Models
import Tokenizers

/// The text that virtual tokens begin as, where one is given: what `init` and `text` say together.
struct StartingText {
    /// Nil where they begin otherwise.
    let text: String?

    static let setting = SettingDeclaration(
        "text", "the text that they begin as, with init=text: its tokens over and over, or the first of them",
        .text, otherwise: "none", aliases: ["prompt_tuning_init_text"],
        foreignDefaults: ["prompt_tuning_init_text": "none"])

    /// - Throws: `no-text` for a start from a text without one, `no-use` for a text without such a start.
    init(_ values: SettingValues) throws {
        let (start, given) = (values.word("init"), values.word("text"))
        switch (start, given) {
        case ("text", nil), ("text", ""):
            throw Diagnostic(
                "no-text", "init=text begins with a text, and none is given", about: "init",
                hint: "write text='Is this good or bad?' beside it, or what else is asked")
        case (let other?, _?) where other != "text":
            throw Diagnostic(
                "no-use", "with init=\(other), text= means nothing", about: "text",
                hint: "leave init= out, or write init=text")
        case (_, ""):
            throw Diagnostic(
                "no-text", "the text is empty", about: "text",
                hint: "leave text= out, or write what is asked, as text='Is this good or bad?'")
        default: text = given
        }
    }

    /// As many of its tokens as are wanted, special ones around it included, as PEFT has it.
    ///
    /// - Throws: `no-tokenizer` where nobody hands one in, `no-text` for a text of no tokens.
    static func ids(
        _ text: String, count: Int, for model: any LanguageModel, by tokenizer: (any Tokenizer)?
    ) throws -> [Int32] {
        guard let tokenizer else {
            throw Diagnostic(
                "no-tokenizer", "a text needs the model's tokenizer to be begun with", about: "text")
        }
        let ids = tokenizer.encode(text, addingSpecialTokens: true)
        guard !ids.isEmpty else {
            throw Diagnostic(
                "no-text", "the model's tokenizer makes no tokens of the text", about: "text",
                hint: "write words in it, as text='Is this good or bad?'")
        }
        if let stranger = ids.first(where: { $0 < 0 || Int($0) >= model.words.rows }) {
            throw Diagnostic(
                "bad-token",
                "token \(stranger) is outside the model's vocabulary of \(model.words.rows.grouped)",
                about: "text", hint: "the tokenizer belongs to another model")
        }
        return (0..<count).map { ids[$0 % ids.count] }
    }
}

extension LanguageModel {
    /// - Throws: `too-long` where virtual tokens leave no places for a text.
    func requireRoom(besides tokens: Int) throws {
        let most = config.context - Self.leastRoom
        guard tokens > most else { return }
        throw Diagnostic(
            "too-long",
            "\(tokens) virtual tokens leave no places for a text: the model has \(config.context.grouped) in all",
            about: "tokens", hint: "tokens=\(max(1, most)) or less")
    }

    /// [CLS], a word and [SEP].
    private static var leastRoom: Int { 3 }
}

extension SettingDeclaration {
    /// - `doc`: what they are.
    static func virtualTokens(_ doc: String) -> SettingDeclaration {
        SettingDeclaration(
            "tokens", doc, .count(1...100_000), usual: .count(20), aliases: ["num_virtual_tokens"])
    }
}

extension ForeignSetting {
    /// What stands in PEFT's configurations of prompt learning beside a method's own.
    static func promptLearning(verb: String) -> [ForeignSetting] {
        // They name no layers.
        peft(verb: verb).filter { !["exclude_modules", "fan_in_fan_out"].contains($0.name) }
            + passedOver(
                "the model knows its own shape", "token_dim", "num_attention_heads", "num_layers")
            + [
                ForeignSetting(
                    "num_transformer_submodules", "a model here is an encoder or a decoder, not both",
                    accepted: ["1"] + none)
            ]
    }
}
