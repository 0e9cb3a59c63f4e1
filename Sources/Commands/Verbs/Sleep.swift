import Display
import Foundation
import Language

/// `sleep`: waits, and can be interrupted.
struct SleepCommand: Command {
    private let seconds = VerbParameter<Double>(
        required: "seconds", "how long", .from(0, to: 86_400)
    ).positional().unit("s")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "sleep", group: .session, summary: "waits so many seconds; an interrupt ends it",
            parameters: parameters, examples: [CommandExample("sleep 0.01", "waits a moment")])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let end = context.surroundings.now() + arguments[seconds]
        while true {
            try context.interruption.check()
            let left = end - context.surroundings.now()
            guard left > 0 else { return nil }
            Thread.sleep(forTimeInterval: min(left, 0.005))
        }
    }
}
