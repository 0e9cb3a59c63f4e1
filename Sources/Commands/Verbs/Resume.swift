import Diagnostics
import Display
import Language
import Training

/// `resume`: finishes a run that was interrupted.
struct ResumeCommand: Command {
    private let name = VerbParameter<String?>(
        "name", "the run, by its name or number", .name(.run, isOpen: true)
    ).positional().otherwise("the last one that was interrupted")
    private let anyway = VerbParameter<Bool>(
        "anyway", "go on although processor or program are others, so that the bytes will differ",
        default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "resume", group: .train, summary: "finishes an interrupted run as if nothing had happened",
            details: """
                Without a name it is the session's own run, else the newest in the folder of runs that is not \
                finished; of one that is finished the weights are brought back. In a fresh kernel model, data and \
                method are restored from the run's settings; \
                weights and examples are compared by SHA-256, and what has changed is refused by name. \
                On the same kind of processor the result is that of a run that never stopped, bit for bit.
                """,
            parameters: parameters,
            examples: [
                CommandExample("resume", "the run that was interrupted", isSelfContained: false),
                CommandExample("resume r16", "by its name, in a fresh kernel too", isSelfContained: false),
            ], isLong: true, changes: [.model, .data, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let resumed = try locating(arguments.span(of: name)) {
            try ResumableRun(named: arguments[name], anyway: arguments[anyway], in: context)
        }
        let session = try locating(arguments.span(of: name)) {
            try resumed.session(in: &context)
        }
        let plan = TrainingPlan(of: session, in: context)
        try plan.checkMemory(limit: context.state.settings.memoryLimit)
        if !resumed.isOver { context.display(plan.shown) }
        return try session.run(expecting: plan.seconds, in: &context)
    }
}
