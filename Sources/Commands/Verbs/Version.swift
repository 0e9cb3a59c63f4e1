import Display
import JSON
import Language

/// What this is, and which one.
package enum Lorikeet {
    package static let version = "0.1.0"
    package static let summary = "Lorikeet tunes language models on the processor, a line at a time."
}

/// `version`: which Lorikeet answers.
struct VersionCommand: Command {
    var declaration: CommandDeclaration {
        CommandDeclaration(
            "version", group: .session, summary: "says which Lorikeet answers",
            examples: [CommandExample("version", "its name and number")])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        Message("Lorikeet \(Lorikeet.version)", value: .string(Lorikeet.version))
    }
}
