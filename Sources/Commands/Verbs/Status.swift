import Display
import JSON
import Language

/// `status`: what the session holds.
struct StatusCommand: Command {
    var declaration: CommandDeclaration {
        CommandDeclaration(
            "status", group: .session, summary: "shows what the session holds",
            examples: [CommandExample("status", "model, data, method, variables and settings")])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let state = context.state
        var entries: [KeyValue.Entry] = []
        for name in state.variables.names {
            entries.append(.init("$" + name, .text(state.variables[name]?.source ?? "")))
        }
        return KeyValue(entries + SetCommand.table(of: state.settings).entries)
    }
}
