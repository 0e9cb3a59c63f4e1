import Diagnostics
import Testing

@testable import Language

/// A little language of its own, so that the tests do not hang on the real verbs.
enum Sample {
    static let work = CommandGroup("work", "what is done")
    static let column = ValueSource("column")

    static let rank = VerbParameter<Int>("r", "rank of the update", 1...256, default: 8).also(
        "lora_r", "rank")
    static let alpha = VerbParameter<Double>("alpha", "scale", .above(0), default: 16).also("lora_alpha")
    static let dropout = VerbParameter<Double>(
        "dropout", "share of inputs left out", .from(0, to: 0.9), default: 0)
    static let targets = VerbParameter<[String]?>(
        "targets", "which layers", listOf: .name(ValueSource("module"), isOpen: true)
    ).also("target_modules").automatic("as the model has it")
    static let quiet = VerbParameter<Bool>("bias", "also train biases", default: false)
    static let optimizer = VerbParameter<String>(
        "optimizer", "the rule of a step",
        .choice([Choice("adamw", "Adam with decay"), Choice("sgd", "plain steps", aliases: ["vanilla"])]),
        default: "adamw")

    static let name = VerbParameter<String>(
        required: "name", "what to load", .name(ValueSource("data set"), isOpen: false)
    )
    .positional()
    static let text = VerbParameter<String?>("text", "the text column", .name(column, isOpen: false))
    static let words = VerbParameter<[String]>("words", "what to say", listOf: .text, default: []).rest()

    static let sentences = VerbParameter<[String]>("text", "what to tell", listOf: .text, default: [])
        .sentences()

    static let lexicon = Lexicon([
        CommandDeclaration(
            "load", group: work, summary: "loads data",
            parameters: [name.declaration, text.declaration],
            examples: [CommandExample("load toy", "the toy")]),
        CommandDeclaration(
            "lora", group: work, summary: "adds adapters",
            parameters: [
                rank.declaration, alpha.declaration, dropout.declaration, targets.declaration,
                quiet.declaration, optimizer.declaration,
            ],
            examples: [CommandExample("lora r=4", "a small one")]),
        CommandDeclaration(
            "say", aliases: ["print"], group: work, summary: "writes words", parameters: [words.declaration],
            examples: [CommandExample("say hello", "says hello")]),
        CommandDeclaration(
            "tell", group: work, summary: "tells something", parameters: [sentences.declaration],
            examples: [CommandExample("tell me more", "prose")]),
        CommandDeclaration(
            "sweep", group: CommandGroup("experiment", "many runs"), summary: "tries all",
            examples: [CommandExample("sweep\n  lora r=[4, 8]\nend", "two ranks")], isBlock: true),
    ])

    static let candidates: CandidateLookup = { source, _ in
        switch source.noun {
        case "data set": [Candidate("toy", "generated sentences"), Candidate("imdb", "film reviews")]
        case "column": [Candidate("body"), Candidate("title")]
        case "module": [Candidate("q_proj", "queries"), Candidate("v_proj", "values"), Candidate("k_proj")]
        default: []
        }
    }

    static let binder = Binder(lexicon, candidates: candidates)

    static func bind(_ source: String, variables: Variables = Variables()) throws -> Arguments {
        let statement = try #require(lexicon.parse(source).statements.first)
        if let problem = statement.problem { throw problem }
        guard case .command(let invocation) = statement.kind else {
            throw Diagnostic("no-command", "\(source) is no command")
        }
        return try binder.bind(invocation, variables: variables)
    }

    static func problem(_ source: String, variables: Variables = Variables()) -> Diagnostic? {
        do {
            _ = try bind(source, variables: variables)
            return nil
        } catch {
            return error as? Diagnostic
        }
    }
}
