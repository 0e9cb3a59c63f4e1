import Display
import Language

/// `plot`: what there is to look at.
struct PlotCommand: Command {
    private let what = VerbParameter<String>(
        "what", "what to draw", .choice(PlotRegistry.all.map { Choice($0.name, $0.summary) }), default: "loss"
    ).positional()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "plot", group: .look, summary: "draws a curve or a distribution", parameters: parameters,
            examples: [
                CommandExample(
                    "plot loss", "the loss by step",
                    after: "model nano\nload toy train=64 test=32\nlora\ntrain epochs=1"),
                CommandExample("plot classes", "how many examples of each class", after: "load toy"),
                CommandExample("plot lengths", "how long the texts are", after: "load toy"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let plot = PlotRegistry.all.first { $0.name == arguments[what] }
        return try locating(arguments.span(of: what)) { try plot?.chart(context.state.engine) }
    }
}
