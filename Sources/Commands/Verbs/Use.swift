import Diagnostics
import Display
import JSON
import Language
import Training

/// `use`: goes on with a run's best weights, its last, or those of another run.
struct UseCommand: Command {
    private let what = VerbParameter<String>(
        required: "what", "best, last, or a run that is finished", .name(.weights, isOpen: true)
    ).positional()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "use", group: .model, summary: "goes on with a run's best weights, its last, or another run's",
            details: """
                use best takes the weights of the last run's best validation (by the figure that train by= names), \
                use last those of its last step, as often as you like, until the next train. evaluate on=validation \
                then gives the score that was printed for them. A train after use best goes on from the best weights, with optimizer and order \
                afresh. Weights that were not held cannot come back, as with keep=last_only, and those of other classes \
                than the loaded data have are refused. use NAME brings back a finished run from the folder of runs, with its model, data and method, as \
                resume NAME does.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "use best", "the best validation's weights",
                    after: CommandExample.tuned),
                CommandExample(
                    "use last", "those of the last step again",
                    after: CommandExample.tuned + "\nuse best"),
                CommandExample("use r16", "a run that was trained as=r16", isSelfContained: false),
            ], isLong: true, changes: [.model, .data, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        try Self.use(named: arguments[what], at: arguments.span(of: what), in: &context)
    }

    /// - `name`: `best`, `last`, or a run.
    static func use(
        named name: String, at span: SourceSpan, in context: inout Context
    ) throws -> any Displayable {
        guard let which = KeptWeights(rawValue: name) else { return try useRun(name, at: span, in: &context) }
        return try locating(span) { try use(which, in: &context) }
    }

    private static func use(_ which: KeptWeights, in context: inout Context) throws -> any Displayable {
        var engine = context.state.engine
        guard let kept = engine.kept, let method = engine.method, let model = engine.model,
            let data = engine.data
        else {
            throw Diagnostic(
                "no-run", "no run of this session has weights to choose among", hint: "write train before it")
        }
        guard let weights = kept.weights(which) else { throw none(of: kept) }
        try requireClasses(of: kept, in: data)
        let length = engine.task?.maxLength ?? engine.maxLength
        let task = try TaskRegistry.task(
            for: TaskRequest(model, data, maxLength: length, under: method.tuning, seed: 0))
        if let own = engine.task { task.adoptHead(of: own) }
        guard let placed = method.holding(weights, task) else {
            throw changed("what \(kept.name) trained is not what is here: data or method are others")
        }
        let now = kept.using(which)
        (engine.method, engine.task, engine.kept, engine.run) = (placed, task, now, now.record)
        (engine.evaluation, engine.isHeadTrained) = (nil, true)
        context.state.engine = engine
        return report(now, which)
    }

    /// Refuses weights whose classes, or whose prompt, are not those of the data at hand.
    private static func requireClasses(of kept: KeptRun, in data: LoadedData) throws {
        let (own, labels) = (kept.settings.labels, data.dataset.labels)
        let change: String
        if kept.settings.prompt != data.template?.name {
            let prompts = [kept.settings.prompt, data.template?.name].map {
                $0.map { "prompt \($0)" } ?? "no prompt"
            }
            change = "has \(prompts[0]), and the data at hand have \(prompts[1])"
        } else if own != labels {
            let does = own.isEmpty ? "tells no classes apart" : "tells \(ClassMatch.listed(own)) apart"
            let there = labels.isEmpty ? "none" : "the classes \(ClassMatch.listed(labels))"
            change = "\(does), and the data at hand have \(there)"
        } else {
            return
        }
        throw changed("\(kept.name) \(change)")
    }

    private static func changed(_ message: String) -> Diagnostic {
        Diagnostic(
            "run-changed", message,
            hint: "load its data again, or write train, which begins a new run")
    }

    private static func none(of kept: KeptRun) -> Diagnostic {
        guard let best = kept.state.best?.record else {
            // Those of earlier runs were judged otherwise.
            let isOnItsWay = kept.record.lines.contains { $0.validation != nil }
            return Diagnostic(
                "no-best",
                "\(kept.name) was \(isOnItsWay ? "not judged yet" : "never judged"), so none of its weights are the best",
                hint: isOnItsWay
                    ? "write resume, which goes on to its next validation"
                    : "load the data with validation=20%, then write train")
        }
        let isOwn = (kept.settings.learning.judging ?? JudgingSettings()).kept == .lastOnly
        return Diagnostic(
            "no-best",
            isOwn
                ? "\(kept.name) was trained with keep=last_only: its best weights were not held"
                : "the best weights, of step \(best.steps.grouped), are of a run before \(kept.name), and were not held",
            hint: "train keep=last holds those of the next better one; use last goes on with the last step's")
    }

    /// Those at hand are asked for first; one that is not finished is for `resume`.
    private static func useRun(_ name: String, at span: SourceSpan, in context: inout Context) throws
        -> any Displayable
    {
        let name = RunName.whole(name)
        if let kept = context.state.engine.kept, kept.name == name, kept.isFinished {
            return try locating(span) { try use(kept.endedWith, in: &context) }
        }
        guard let place = context.runPlace else {
            throw Diagnostic(
                "no-run", "there is no run \(name.forMessages)", at: span,
                hint: "set runs=FOLDER names a folder")
        }
        let found = try locating(span) { try place.run(named: name) }
        try locating(span) { try found.checkIsFree() }
        guard found.entry.status == .finished else {
            throw Diagnostic(
                "not-finished", "the run \(name) has not come to its end", at: span,
                hint: "resume \(name) finishes it")
        }
        return try ResumeCommand.resume(name, anyway: false, at: span, in: &context)
    }

    private static func report(_ kept: KeptRun, _ which: KeptWeights) -> Message {
        let run = kept.record
        let line = run.lineInUse
        var text = "the \(which.rawValue) weights of \(kept.name) are in use"
        var value: JSONObject = ["run": .string(kept.name), "weights": .string(which.rawValue)]
        text += ": step \(run.stepsInUse.grouped)"
        value["step"] = .integer(run.stepsInUse)
        if let line {
            text += ", epoch \(RunOutcomeWords.text(epoch: line.epoch))"
            value["epoch"] = .number(line.epoch)
        }
        if let validation = line?.validation {
            text += ", validation loss \(NumberStyle.loss.text(validation.loss))"
            if let figure = validation.metrics.figures.first {
                text += ", \(figure.name) \(validation.figureText)"
            }
            if which == .best, let best = run.best, best.figure != "loss", best.figure != "accuracy" {
                text += ", \(RunOutcomeWords.text(best))"
            }
            value["validation"] = .object(validation.json)
            if which == .best, validation.isTest {
                text += "; chosen by a test, they have a score there that is no test"
            }
        }
        return Message(text, value: .object(value))
    }
}

extension ValueSource {
    static let weights = ValueSource("run's weights")
}
