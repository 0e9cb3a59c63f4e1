import Display
import Language
import Training

/// `params`: where the parameters are, and which are trained.
struct ParamsCommand: Command {
    var declaration: CommandDeclaration {
        CommandDeclaration(
            "params", group: .model, summary: "counts the parameters, and those that are trained",
            examples: [
                CommandExample("params", "by part of the model", after: "model nano\nlora r=4")
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        _ = try context.state.engine.requiredModel(for: arguments.verb.text)
        return ParameterCount(of: context.state.engine)?.table
    }
}
