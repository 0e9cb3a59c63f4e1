import Datasets
import Diagnostics
import Display
import JSON
import Language
import Learning
import Training

/// `train`: tunes the loaded model on the loaded data; `dpo`: by which of two answers is liked more.
struct TrainCommand: Command {
    private let objective: ObjectiveParameters
    private let epochs = VerbParameter<Double>(
        "epochs", "passes over the training examples", .from(1e-6, to: 10_000), default: 3
    )
    .also("num_train_epochs", "num_epochs", "max_epochs")
    private let lr = VerbParameter<Double?>("lr", "learning rate", .above(0, to: 10))
        .also("learning_rate").automatic(LoadedModel.usualRates)
    private let headRate = VerbParameter<Double?>(
        "lr.head", "learning rate of the classifier, or of a language head of its own", .above(0, to: 10)
    )
    .also("head_lr", "classifier_lr").otherwise("as lr")
    private let blocksRate = VerbParameter<Double?>(
        "lr.blocks", "learning rate of the blocks and of what follows them", .above(0, to: 10)
    )
    .also("block_lr").otherwise("as lr")
    private let embeddingsRate = VerbParameter<Double?>(
        "lr.embeddings", "learning rate of the embeddings", .above(0, to: 10)
    )
    .also("embedding_learning_rate").otherwise("as lr")
    private let batch = VerbParameter<Int>.batch
    private let accumulate = VerbParameter<Int>(
        "accumulate", "batches that are added up for one step", 1...4096, default: 1
    )
    .also("gradient_accumulation_steps", "grad_accumulation_steps")
    private let optimizer = ChosenSettings<OptimizerRegistry>.optimizer
    private let schedule = ChosenSettings<ScheduleRegistry>("how the learning rate goes on")
        .also("lr_scheduler_type", "lr_scheduler")
    private let warmup = VerbParameter<Portion>(
        "warmup", "steps over which the learning rate rises", default: .count(0), shares: ["warmup_ratio"]
    ).also("warmup_steps", "lr_warmup_steps")
    private let clip = VerbParameter<Double>.clip
    private let hiddenDropout = VerbParameter<Double>(
        "dropout.hidden", "share of what embeddings give and blocks add that is left out in training",
        .from(0, to: 0.95), default: 0
    )
    .also("hidden_dropout_prob", "resid_pdrop")
    private let attentionDropout = VerbParameter<Double>(
        "dropout.attention", "share of attention's probabilities that is left out", .from(0, to: 0.95),
        default: 0
    )
    .also("attention_probs_dropout_prob", "attn_pdrop", "attention_dropout")
    private let headDropout = VerbParameter<Double>(
        "dropout.head", "share of the vector before the classifier that is left out", .from(0, to: 0.95),
        default: 0
    )
    .also("classifier_dropout")
    private let checkpointing = VerbParameter<Bool>.checkpointing
    private let steps = VerbParameter<Int?>(
        "steps", "so many steps, whatever epochs says", 1...100_000_000
    )
    .also("max_steps", unlessGiven: "-1").also("iters").otherwise("as the epochs say")
    private let maxLength = VerbParameter<Int?>.maxLength(
        otherwise: "as before, at first 256, with a prompt 512")
    private let seed = VerbParameter<Int?>.seed("of order and dropout")
    private let name = VerbParameter<String?>(
        "as", "a name for the run, by which resume finds it", .text
    ).also("run_name").otherwise("run-1, run-2 and so on")
    private let saveEvery = VerbParameter<Double?>(
        "save_every", "between two states that resume can go on from; 0 writes none", .from(0, to: 1e6)
    ).unit("seconds").automatic("30, and 300 where matrices of the model are trained")
    private let saveSteps = VerbParameter<Int?>(
        "save_steps", "write a state every so many steps, not by time", 1...100_000_000
    ).otherwise("by time")
    private let saveLimit = VerbParameter<Int>(
        "save_total_limit", "states that are kept", 1...10_000, default: 1)
    private static let judging = JudgingParameters()

    init(ofPreferences: Bool = false) {
        objective = ofPreferences ? .preferences(PreferenceParameters()) : .task(LossParameters())
    }

    var declaration: CommandDeclaration { objective.isOfPreferences ? ofPreferences : ofTask }

    private var ofPreferences: CommandDeclaration {
        CommandDeclaration(
            "dpo", group: .train, summary: "tunes the model by which of two answers is liked more",
            details: """
                Goes as train does, over pairs of answers (load hh_rlhf, or a file with chosen and rejected). Of an answer \
                counts how much more probable the tuned model makes it than the same model without the tuning, whose \
                figures are computed once. A reward is that times beta, a margin the difference of a pair's two rewards; \
                the accuracy says in how many pairs the answer that is liked more has the higher one. Before the first \
                step all margins are 0 and the sigmoid loss is log 2.
                """,
            parameters: parameters + Self.judging.parameters + optimizer.parameters + schedule.parameters,
            examples: [
                CommandExample(
                    "dpo beta=0.1 epochs=1", "on dialogues with two last answers", isSelfContained: false),
                CommandExample(
                    "dpo loss=ipo beta=0.3", "another loss", isSelfContained: false),
            ], foreign: ForeignSettings.training, isLong: true, uses: [.data], changes: [.model, .results])
    }

    private var ofTask: CommandDeclaration {
        CommandDeclaration(
            "train", group: .train, summary: "tunes the model on the training examples",
            details: """
                Prints its plan first. An interrupt stops it after a whole step and keeps what was reached: \
                resume finishes the run as if nothing had happened, also in another process; another train is \
                a further run over the same weights and optimizer state, whose curve and numbering go on \
                (it begins a new pass over the examples, also where an earlier one was cut). \
                A loss that is not finite ends it: the best validation's weights stay where training had made them, \
                else everything is taken back.

                The validation part is judged after each epoch, or with validate_every=N after every N steps and at the \
                end; the model before the first step counts as the first validation. use best and use last bring back \
                the weights of the best validation and of the last step. Without another word the last stay. With \
                patience=N training ends after N validations in a row that were not better, and the best come back. \
                minutes=N ends it after the step that passes N minutes, what it took before an interrupt among them. \
                validate=test,reviews.csv judges parts, data sets and files besides; the data's own validation part \
                decides, else the first that is named; a test that decides is no test any more. A further train has the \
                best of the runs before it to beat; where texts, by= or what is trained are others, it begins anew with \
                that, and says so. A row of the table has train loss and time since the row before it, and an epoch \
                that was cut is a share of one.

                The loss that is shown of training is the one that is chosen; that of the validation part is always \
                the mean of -log p(true class), so that runs can be compared. A batch's loss is divided by the sum of \
                its examples' class weights, whatever accumulate is; where answers are written, an example's weight \
                is that of every token of its answer.

                A run writes its state into a folder of its own in lorikeet-runs (set runs=FOLDER), every 30 seconds, \
                every five minutes where matrices of the model are trained, and seldomer where writing would take more \
                than a fiftieth of the time; save_every= is kept to. A run with a name (as=r16) stays there; of another \
                the folder goes when it is done. runs lists them, runs delete NAME removes one.
                """,
            parameters: parameters + Self.judging.parameters + optimizer.parameters + schedule.parameters,
            examples: [
                CommandExample(
                    "train epochs=1 batch=16", "one pass",
                    after: CommandExample.whole),
                CommandExample(
                    "train learning_rate=1e-3 num_train_epochs=1 warmup=6%", "in Hugging Face's words",
                    after: CommandExample.whole),
                CommandExample(
                    "train epochs=1 lr=5e-4 lr.head=5e-3", "a rate of its own for the classifier",
                    after: CommandExample.whole),
                CommandExample(
                    "train epochs=1 loss=focal class_weights=balanced", "where a class is rare",
                    after: CommandExample.whole),
                CommandExample(
                    "train epochs=1 label_smoothing=0.1 neftune=5", "against learning by heart",
                    after: CommandExample.whole),
                CommandExample(
                    "train epochs=1 optimizer=adafactor lr=0.03 schedule=constant", "as prompts are tuned",
                    after: "model nano\nload toy train=64 test=32\nprompt_tuning"),
                CommandExample(
                    "train epochs=4 patience=2 by=accuracy validate_every=50%", "until it gets no better",
                    after: CommandExample.whole),
                CommandExample(
                    "train epochs=1 as=first", "under a name, by which resume finds it",
                    after: CommandExample.whole, isSelfContained: false),
            ], foreign: ForeignSettings.training, isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let data = try context.state.engine.requiredData(for: arguments.verb.text)
        guard (data.dataset.shape == .preferences) == objective.isOfPreferences else {
            throw objective.isOfPreferences
                ? Diagnostic(
                    "no-preferences", "dpo learns from pairs of answers, and these data have none",
                    at: arguments.verb.span,
                    hint: "write train, or load data with chosen and rejected answers")
                : Diagnostic(
                    "only-preferences", "these data are pairs of answers, of which one is liked more",
                    at: arguments.verb.span,
                    hint: "write dpo, or load them with answer=chosen to learn those alone")
        }
        let loaded = try context.readyModel(for: arguments.verb.text)
        var engine = context.state.engine
        let seed = UInt64(arguments[seed] ?? context.state.settings.seed)
        let first = UInt64(context.state.settings.seed)
        let task = try locating(arguments.span(of: maxLength)) {
            try engine.preparedTask(for: arguments.verb.text, maxLength: arguments[maxLength], seed: first)
        }
        let attached = try engine.preparedMethod(seed: first)
        var settings = try settings(arguments, seed: seed)
        if arguments[headDropout] > 0, task.head == nil {
            throw Diagnostic(
                "no-classifier", "dropout.head= is of a classifier, and here the model writes its answers",
                at: arguments.span(of: headDropout), hint: "write dropout.hidden= or dropout.attention=")
        }
        settings.lr =
            try arguments.single(lr)
            ?? Float(
                attached.usualRate(on: loaded, with: task, by: settings.optimizer))
        try locating(arguments.span(of: schedule.chooser)) {
            // How many steps a share of them makes is known later, and that it makes some is known now.
            try settings.schedule.made().check(
                lr: Double(settings.lr), warmup: settings.warmup.steps(of: 1000))
        }
        try MemoryCheck.checkBeginning(
            trained: attached.trainableCount + task.parameters.reduce(0) { $0 + $1.count }, in: context)
        settings.judging = Self.judging.settings(arguments, seed: first)
        let sets = try Self.judging.loaded(settings.judging, arguments, of: task, in: context)
        let runPlan = try runPlan(arguments, attached, in: context)
        let session: TrainingSession
        do {
            let prepared = try PreparedRun(
                engine.runInputs(task, attached, headSeed: first, sets: sets), settings: settings,
                plan: runPlan,
                workers: context.workers, interruption: context.interruption, now: context.surroundings.now)
            session = TrainingSession(engine: engine, prepared: prepared)
        } catch let problem as Diagnostic {
            guard let setting = problem.setting else { throw problem }
            throw problem.located(at: arguments.span(of: setting))
        }
        var plan = TrainingPlan(of: session, in: context)
        if let steps = arguments[steps], arguments.isGiven(epochs) {
            plan.remarks.append("steps=\(steps) wins over epochs=\(formatted(arguments[epochs]))")
        }
        if !arguments.isGiven(lr), let remark = plan.rateByOptimizer { plan.remarks.append(remark) }
        if let former = runPlan.former { plan.remarks.append(former) }
        try plan.checkMemory()
        try plan.findPace(in: context)
        context.display(plan.shown)
        return try session.run(as: plan, in: &context)
    }

    private func runPlan(
        _ arguments: Arguments, _ attached: AttachedMethod, in context: Context
    ) throws -> RunPlan {
        if arguments.isGiven(saveEvery), arguments.isGiven(saveSteps) {
            throw Diagnostic(
                "two-values", "save_every= and save_steps= both say when states are written",
                at: arguments.span(of: saveSteps), hint: "leave one of them out")
        }
        var states = StatePlan.usual(keepsMatrices: attached.keepsMatrices)
        if let seconds = arguments[saveEvery] {
            (states.seconds, states.share) = (seconds > 0 ? seconds : nil, nil)
        }
        if let steps = arguments[saveSteps] { (states.seconds, states.steps) = (nil, steps) }
        states.kept = arguments[saveLimit]
        let place = states.writesNone ? nil : context.runPlace
        if let name = arguments[name] {
            try locating(arguments.span(of: self.name)) { try RunName.check(name) }
            return RunPlan(name: RunName.whole(name), isNamed: true, states: states, place: place)
        }
        let count = context.state.engine.runCount
        let fresh = place?.freshName(besides: count) ?? RunName.numbered(count + 1)
        return RunPlan(name: fresh, isNamed: false, states: states, place: place)
    }

    private func settings(_ arguments: Arguments, seed: UInt64) throws -> TrainerSettings {
        var settings = TrainerSettings()
        settings.epochs = arguments[epochs]
        settings.batch = arguments[batch] * arguments[accumulate]
        settings.schedule = try locating(arguments.span(of: schedule.chooser)) {
            let choice = try schedule.choice(in: arguments)
            _ = try choice.made()
            return choice
        }
        settings.optimizer = try optimizer.optimizer(in: arguments)
        try arguments.refuseRates(
            ["lr", "schedule", "warmup", "lr.head", "lr.blocks", "lr.embeddings"], beside: settings.optimizer)
        try objective.apply(arguments, to: &settings)
        settings.warmup = Warmup.Length(arguments[warmup])
        settings.clip = try arguments.single(clip)
        settings.maxSteps = arguments[steps]
        settings.checkpointing = arguments[checkpointing] ? true : nil
        settings.seed = seed
        let dropout = DropoutRates(
            hidden: try arguments.single(hiddenDropout), attention: try arguments.single(attentionDropout),
            head: try arguments.single(headDropout))
        settings.dropout = dropout.isNone ? nil : dropout
        let rates = PartRates(
            embeddings: try arguments.single(embeddingsRate), blocks: try arguments.single(blocksRate),
            head: try arguments.single(headRate))
        settings.rates = rates.given.isEmpty ? nil : rates
        return settings
    }
}

extension Warmup.Length {
    fileprivate init(_ portion: Portion) {
        switch portion {
        case .count(let count): self = .steps(count)
        case .share(let share): self = .share(share)
        }
    }
}
