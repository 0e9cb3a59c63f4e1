import Display
import Language

/// `reset`: forgets.
struct ResetCommand: Command {
    private let what = VerbParameter<String>(
        "what", "what to forget",
        .choice([
            Choice("all", "model, data, results, variables and settings"),
            Choice("variables", "the variables"), Choice("settings", "what set changed"),
        ]), default: "all"
    ).positional()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "reset", group: .session, summary: "forgets what the session knows",
            parameters: parameters,
            examples: [
                CommandExample("reset", "as if newly started"),
                CommandExample("reset variables", "only the variables"),
            ], changes: [.model, .data, .results, .variables, .settings])
    }

    func touched(by arguments: Arguments) -> Set<Resource>? {
        switch arguments[what] {
        case "variables": [.variables]
        case "settings": [.settings]
        default: nil
        }
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let fresh = SessionState()
        switch arguments[what] {
        case "variables": context.state.variables = fresh.variables
        case "settings": context.state.settings = fresh.settings
        default: context.state = fresh
        }
        return nil
    }
}
