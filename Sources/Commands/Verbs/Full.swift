import Display
import Language
import Training

/// `full`: all weights, or those of the last blocks.
struct FullCommand: Command {
    private let last = Language.Parameter<Int?>("last", "only so many of the last blocks", 1...1000)
        .otherwise("all blocks, and the embeddings")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "full", group: .method, summary: "tunes all weights, or those of the last blocks",
            parameters: [last.declaration],
            examples: [
                CommandExample("full", "everything is trained", after: "model nano"),
                CommandExample("full last=1", "only the last block and the classifier", after: "model nano"),
            ], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.readyModel(for: arguments.verb.text)
        let seed = UInt64(context.state.settings.seed)
        let attached = try locating(arguments.span(of: last)) {
            try AttachedMethod(FullMethod(last: arguments[last]), to: loaded.model, seed: seed)
        }
        context.state.engine.adopt(attached)
        return ParameterCount(of: context.state.engine)?.summary(method: attached.summary)
    }
}
