import Display
import Language

/// `clear`: takes away what the cell has shown.
struct ClearCommand: Command {
    private let wait = VerbParameter<Bool>("wait", "only when the next output arrives", default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "clear", group: .session, summary: "takes away what the cell has shown so far",
            parameters: parameters,
            examples: [
                CommandExample("clear", "an empty output"),
                CommandExample("clear wait=yes", "without a flicker: when the next output arrives"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        context.output.clear(wait: arguments[wait])
        return nil
    }
}
