import Diagnostics
import Display
import Interchange
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
                finished, unless the session's weights lie in no such folder and would be let go; of one that was finished in another session the weights are brought back. In a fresh kernel model, data and \
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
        try Self.resume(
            arguments[name], anyway: arguments[anyway], at: arguments.span(of: name), in: &context)
    }

    /// - `name`: nil for the one that was interrupted last.
    static func resume(
        _ name: String?, anyway: Bool, at span: SourceSpan, in context: inout Context
    ) throws -> any Displayable {
        let (output, earlier) = (context.output, context.state.engine)
        var engine = earlier
        let run: RunToResume
        let prepared: PreparedRun
        do {
            run = try RunToResume(
                named: name, kept: earlier.kept, in: context.runPlace, anyway: anyway
            ) { problem in
                output.note("\(problem.message); the state before it is taken")
            }
            let inputs = try context.loading { try run.inputs(earlier.atHand, in: $0) }
            engine.adopt(inputs)
            prepared = try run.prepared(
                inputs, workers: context.workers, interruption: context.interruption,
                now: context.surroundings.now)
        } catch let problem as Diagnostic {
            throw problem.located(at: span)
        }
        let session = TrainingSession(engine: engine, prepared: prepared)
        var plan = TrainingPlan(of: session, in: context)
        if !run.isOver {
            try plan.checkMemory()
            try plan.findPace(in: context)
        }
        for note in notes(of: run, before: earlier, after: engine) { output.note(note) }
        let seed = run.settings.headSeed
        if run.isFromFolder, context.state.settings.seed != Int(seed) {
            context.state.settings.seed = Int(seed)
            output.note("set seed=\(seed) holds again, as when \(run.name) was begun")
        }
        if !run.isOver { context.display(plan.shown) }
        return try session.run(as: plan, in: &context)
    }

    /// Where it goes on, and what it takes the place of.
    private static func notes(
        of run: RunToResume, before: EngineState, after: EngineState
    ) -> [String] {
        // Counted as the panel does, over all runs on the same weights.
        let step = (run.state?.earlier.start.steps ?? 0) + (run.state?.step ?? 0)
        var notes = [
            run.isOver
                ? "\(run.name) had come to its end at step \(step.grouped): its weights are here again"
                : "\(run.name) goes on at step \(step.grouped)"
        ]
        if let kept = before.kept, kept.name != run.name, kept.isInMemoryAlone {
            notes.append("the weights of \(kept.name), which lie in no folder of runs, are let go")
        }
        if let data = before.data, data.request != after.data?.request {
            notes.append("its own data hold again: \(after.data?.dataset.name ?? "")")
        }
        if let method = before.method, method.origin != after.method?.origin {
            notes.append("its own method holds again: \(after.method?.summary ?? "")")
        }
        return notes
    }
}
