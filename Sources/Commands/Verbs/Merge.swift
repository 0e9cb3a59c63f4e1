import Diagnostics
import Display
import Interchange
import Language
import System

/// `merge`: the model with its adapter's change in the weights.
struct MergeCommand: Command {
    private let path = VerbParameter<String>(required: "path", "the folder to write", .path(.folder))
        .positional()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "merge", group: .share, summary: "writes the model with the adapter merged into its weights",
            details: """
                config.json, model.safetensors in f32 and the tokenizer, as Transformers loads them, also from a \
                GGUF file. The session keeps its adapter. The files are read back and logits compared.
                """,
            parameters: parameters,
            examples: [CommandExample("merge merged/", "into a folder here", isSelfContained: false)],
            uses: [.model, .data])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let engine = context.state.engine
        let loaded = try engine.requiredModel(for: arguments.verb.text)
        guard let method = engine.method, !method.tuning.isReplacementAlone else {
            throw Diagnostic(
                "nothing-to-merge", "\(loaded.name) has no adapter to merge",
                hint: engine.method == nil ? "write lora and train before it" : "save writes a tuned model")
        }
        let tuned = try TunedModel(loaded, method, of: engine)
        let folder = expandingHome(arguments[path])
        try context.interruption.check()
        return try locating(arguments.span(of: path)) { try tuned.merge(to: folder).report(at: folder) }
    }
}
