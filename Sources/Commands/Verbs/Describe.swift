import Display
import Language

/// `describe`: what the loaded data looks like.
struct DescribeCommand: Command {
    var declaration: CommandDeclaration {
        CommandDeclaration(
            "describe", group: .data, summary: "counts the loaded examples, their classes and lengths",
            examples: [CommandExample("describe", "parts, classes, words and tokens", after: "load toy")])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        _ = try context.state.engine.requiredData(for: arguments.verb.text)
        var summary = DatasetSummary(of: context.state.engine)
        summary?.showsLengths = true
        return summary?.table
    }
}
