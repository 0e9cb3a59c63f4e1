import Diagnostics
import Display
import Language
import Learning
import Training

/// `lr_find`: tries rates out, and leaves everything as it was.
struct LRFindCommand: Command {
    private let from = VerbParameter<Double>("from", "rate to begin with", .above(0, to: 10), default: 1e-7)
        .also("start", "start_lr")
    private let to = VerbParameter<Double>("to", "rate to come to", .above(0, to: 10), default: 10)
        .also("end", "end_lr")
    private let steps = VerbParameter<Int>(
        "steps", "updates, each at its own rate", 20...10_000, default: 100
    )
    .also("num_it", "num_iter")
    private let batch = VerbParameter<Int>.batch
    private let rule = VerbParameter<String>(
        "by", "how the rate is found", .choice(RateRule.allCases.map { Choice($0.rawValue, $0.summary) }),
        default: RateRule.valley.rawValue
    )
    .also("suggest_funcs")
    private let optimizer = ChosenSettings<OptimizerRegistry>.optimizer
    private let loss = LossParameters()
    private let clip = VerbParameter<Double>.clip
    private let checkpointing = VerbParameter<Bool>.checkpointing
    private let seed = VerbParameter<Int?>.seed("of order and dropout")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "lr_find", aliases: ["find_lr"], group: .train,
            summary: "tries rising learning rates and suggests one",
            details: """
                Makes updates of the training examples, the first at a tiny rate, each at a higher one, until the loss has \
                risen to four times its lowest (Smith 2015, as fastai has it) or what was learned is lost again. It works on a copy: weights, optimizer, \
                head and runs are afterwards as they were. What it suggests, train takes: lr=… Where the loss falls at no \
                rate by more than it varies from batch to batch, it suggests none.

                A rate holds for the method, the batch, the loss and the optimizer that it was found with.
                """,
            parameters: parameters + optimizer.parameters,
            examples: [
                CommandExample(
                    "lr_find steps=60 batch=16", "for the method at hand",
                    after: "model nano\nload toy train=64 test=32\nlora r=4"),
                CommandExample(
                    "lr_find optimizer=sgd momentum=0.9", "for another optimizer",
                    after: "model nano\nload toy train=64 test=32\nfull"),
            ], isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let verb = arguments.verb.text
        let range = RateRange(from: arguments[from], to: arguments[to], steps: arguments[steps])
        guard range.from < range.to else {
            throw Diagnostic(
                "bad-value",
                "rates rise: from=\(formatted(range.from)) is not below to=\(formatted(range.to))",
                at: arguments.span(of: arguments.isGiven(to) ? to : from),
                hint: "leave both out, or write from=1e-7 to=10")
        }
        _ = try arguments.single(from)
        let data = try context.state.engine.requiredData(for: verb)
        let learner = data.dataset.shape == .preferences ? "dpo" : "train"
        _ = try context.readyModel(for: verb)
        let search = try search(arguments, over: range, in: context)
        try MemoryCheck(of: search.trainer, isOfTrain: false, in: context).check()
        let progress = Progress(verb, total: range.steps, in: context)
        let report = {
            RateReport(
                search, by: RateRule(rawValue: arguments[rule]) ?? .valley, for: learner,
                with: conditions(arguments),
                over: given([from, to, rule, seed], in: arguments))
        }
        do {
            while search.curve.ending == nil {
                try search.advance(context.interruption)
                progress.note(done: search.curve.points.count, total: range.steps)
            }
        } catch {
            progress.finishIfShown(.stopped)
            guard error is Interrupted, !search.curve.points.isEmpty else { throw error }
            let soFar = report()
            context.display(soFar.facts)
            context.display(soFar.chart)
            throw Interrupted(isSaid: true)
        }
        progress.finishIfShown(.finished)
        let found = report()
        context.state.suggestedRate = found.rate
        context.display(found.facts)
        return Valued(found.chart, value: found.value)
    }

    /// The keys of the updates that were given and are not as usual, as `train` takes them too: a rate holds with these.
    private func conditions(_ arguments: Arguments) -> String {
        let search = [from, to, steps, rule, seed] as [any ParameterDeclaring]
        let left = Set(search.map(\.declaration.name))
        return given((parameters + optimizer.parameters).filter { !left.contains($0.name) }, in: arguments)
    }

    private func given(_ keys: [any ParameterDeclaring], in arguments: Arguments) -> String {
        given(keys.map(\.declaration), in: arguments)
    }

    private func given(_ keys: [ParameterDeclaration], in arguments: Arguments) -> String {
        keys.compactMap { key in
            guard let value = arguments.given(key.name), value != key.defaultValue else { return nil }
            return "\(key.name)=\(value.source)"
        }.joined(separator: " ")
    }

    /// Over the session's model, data and method, which stay the session's.
    private func search(
        _ arguments: Arguments, over range: RateRange, in context: Context
    ) throws -> RateSearch {
        var engine = context.state.engine
        let first = UInt64(context.state.settings.seed)
        let task = try engine.preparedTask(for: arguments.verb.text, maxLength: nil, seed: first)
        let attached = try engine.preparedMethod(seed: first)
        var settings = TrainerSettings()
        settings.batch = arguments[batch]
        settings.seed = arguments[seed].map(UInt64.init) ?? first
        settings.clip = try arguments.single(clip)
        settings.checkpointing = arguments[checkpointing] ? true : nil
        settings.optimizer = try optimizer.optimizer(in: arguments)
        guard settings.optimizer.ownRate(at: 1) == nil else {
            throw Diagnostic(
                "bad-value",
                "with relative_step \(settings.optimizer.kind.declaration.name) goes by rates of its own",
                at: arguments.span(of: optimizer.chooser),
                hint: "leave relative_step out, and rates are its lr")
        }
        try loss.apply(arguments, to: &settings)
        do {
            return try RateSearch(
                engine.runInputs(task, attached, headSeed: first, sets: []), over: range, settings: settings,
                workers: context.workers, interruption: context.interruption)
        } catch let problem as Diagnostic {
            guard let setting = problem.setting else { throw problem }
            throw problem.located(at: arguments.span(of: setting))
        }
    }
}
