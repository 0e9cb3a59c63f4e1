import Display
import Language
import Training

/// `full`: all weights, or those of the last blocks and what follows them.
struct FullCommand: Command {
    private let last = Language.Parameter<Int?>("last", "only so many of the last blocks", 1...1000)
        .otherwise("all blocks, and the embeddings")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "full", group: .method, summary: "tunes all weights, or those of the last blocks",
            details: """
                All weights are those that the task reads: embeddings, blocks, the final norm, BERT's pooler where \
                the classifier reads [CLS], the language head where answers are written. With last=n: the last n \
                blocks and what follows them, the final norm and that pooler, but no embeddings and no language \
                head. The classifier is always trained.
                """,
            parameters: [last.declaration],
            examples: [
                CommandExample("full", "everything is trained", after: "model nano"),
                CommandExample(
                    "full last=1", "the last block, what follows it and the classifier", after: "model nano"),
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
