import Compute
import Datasets
import Diagnostics
import Interchange
import Learning
import Models
import Training

/// The part of a session's state that tuning works on.
///
/// Each part is tracked, and merged by a line in `adopt(_:since:)`.
package struct EngineState: Sendable {
    @Tracked package var model: LoadedModel? = nil
    /// Whether nobody asked for the model.
    @Tracked package var isModelByDefault = false
    @Tracked package var data: LoadedData? = nil
    /// Attached to the model.
    @Tracked package var method: AttachedMethod? = nil
    /// Made for the model and the data; its head is what training has made of it.
    @Tracked package var task: (any LearningTask)? = nil
    /// Whether the task's head has learned anything.
    @Tracked package var isHeadTrained = false
    /// Tokens of a text, as last asked for.
    @Tracked package var maxLength: Int? = nil
    /// What the weights, as they are now, have learned from.
    @Tracked package var seen = SeenTexts()
    @Tracked package var run: TrainingRun? = nil
    /// The last run over the weights as they are now, with all that it takes to go on.
    @Tracked package var kept: KeptRun? = nil
    /// The highest number that a run of this session was given.
    @Tracked package var runCount = 0
    @Tracked package var evaluation: EvaluationResult? = nil
    /// What was said in `chat` so far; nil where nothing was.
    @Tracked package var dialogue: [Turn]? = nil
    /// What the last evaluation is of, where that is not the loaded data.
    @Tracked package var evaluatedData: Dataset? = nil
    /// All of the session, by what was evaluated, to be compared: also of models and data that others have replaced.
    @Tracked package var evaluations: [NamedEvaluation] = []

    package init() {}

    /// Takes over the parts that a statement has set.
    mutating func adopt(_ changed: EngineState, since base: EngineState) {
        func merge<Value>(_ part: WritableKeyPath<EngineState, Tracked<Value>>) {
            guard changed[keyPath: part].mark != base[keyPath: part].mark else { return }
            self[keyPath: part] = changed[keyPath: part]
        }
        merge(\.$model)
        merge(\.$isModelByDefault)
        merge(\.$data)
        merge(\.$method)
        merge(\.$task)
        merge(\.$isHeadTrained)
        merge(\.$maxLength)
        merge(\.$seen)
        merge(\.$run)
        merge(\.$kept)
        merge(\.$runCount)
        merge(\.$evaluation)
        merge(\.$dialogue)
        merge(\.$evaluatedData)
        merge(\.$evaluations)
    }

    /// - Throws: `no-model`.
    package func requiredModel(for verb: String) throws -> LoadedModel {
        if let model { return model }
        throw Diagnostic(
            "no-model", "\(verb) needs a model, and none is loaded", hint: "write model minilm before it")
    }

    /// - Throws: `no-data`, also when only the classes of an opened model are known.
    package func requiredData(for verb: String) throws -> LoadedData {
        if let data, data.dataset.hasExamples { return data }
        throw noData(for: verb)
    }

    /// The data, or what stands in for them and knows the classes alone.
    ///
    /// - Throws: `no-data`.
    package func requiredClasses(for verb: String) throws -> LoadedData {
        if let data { return data }
        throw noData(for: verb)
    }

    private func noData(for verb: String) -> Diagnostic {
        Diagnostic(
            "no-data", "\(verb) needs a data set, and none is loaded",
            hint: verb == "dpo"
                ? "write load hh_rlhf path=FILE before it, or load a file with columns chosen and rejected"
                : verb == "perplexity"
                    ? "write load FILE label=none before it, or perplexity path=FILE for one text"
                    : "write load imdb before it, or load toy")
    }

    /// A new model: nothing of the old one's training stays.
    package mutating func adopt(_ loaded: LoadedModel) {
        model = loaded
        isModelByDefault = false
        seen = loaded.seen
        (method, task, run, kept, evaluation, dialogue) = (nil, nil, nil, nil, nil, nil)
    }

    /// New data: a head for the same classes stays, so that a tuned model can be judged on them.
    ///
    /// They are put in the order that this head has them in.
    package mutating func adopt(_ loaded: LoadedData) {
        var loaded = loaded
        if let order = knownOrder, let arranged = loaded.dataset.arranged(as: order) {
            let remark = ClassMatch.remark(loaded.dataset.labels, as: order)
            loaded.dataset = arranged
            if let remark { loaded.dataset.remarks.append(Remark(remark)) }
        }
        let isAlike =
            data.map {
                $0.dataset.labels == loaded.dataset.labels && $0.template?.name == loaded.template?.name
                    && $0.instruction == loaded.instruction && $0.scoring == loaded.scoring
                    && $0.dataset.shape == loaded.dataset.shape
                    && $0.dataset.learned == loaded.dataset.learned
            } ?? true
        if !isAlike {
            if let unnamed = method?.head, unnamed.labels.isEmpty, loaded.template == nil,
                unnamed.classes > 0, unnamed.classes == loaded.dataset.labels.count
            {
                loaded.dataset.remarks.append(.warning(ClassMatch.unnamed(as: loaded.dataset.labels)))
            } else if isHeadTrained, let old = task, !old.parameters.isEmpty {
                let more = old.labels.count > 3 ? " and \(old.labels.count - 3) more" : ""
                let what =
                    old.givesNumber
                    ? "head that was trained gives a number"
                    : "classifier that was trained tells \(old.labels.prefix(3).joined(separator: ", "))\(more) apart"
                loaded.dataset.remarks.append(
                    .warning(
                        old.fillsMasks
                            ? "the head that was trained to fill masks in is let go: these data are read by another"
                            : "the \(what) and is let go: these data begin a new one"))
            }
            (task, isHeadTrained) = (nil, false)
            if let own = method?.head, own.givesNumber || !own.labels.isEmpty,
                !own.fits(loaded.dataset.labels)
            {
                method = method?.withoutHead
            }
        }
        data = loaded
        evaluation = nil
    }

    /// The classes of the head at hand, or of what was opened, in their order.
    private var knownOrder: [String]? {
        let opened = method?.head?.labels ?? []
        guard opened.isEmpty else { return opened }
        if isHeadTrained, let task { return task.labels }
        return data.flatMap { $0.dataset.hasExamples ? nil : $0.dataset.labels }
    }

    /// A method that begins afresh from the loaded weights, and from their classifier where the data have its classes.
    package mutating func adopt(_ attached: AttachedMethod) {
        let fits = data.flatMap { data in attached.head.map { $0.fits(data.dataset.labels) } } ?? true
        method = fits ? attached : attached.withoutHead
        seen = model?.seen ?? SeenTexts()
        (task, run, kept, evaluation) = (nil, nil, nil, nil)
    }

    /// The task for one judgement: of the session's length, or of another for that call alone.
    package mutating func judgingTask(for verb: String, maxLength wanted: Int?, seed: UInt64) throws
        -> any LearningTask
    {
        guard let wanted, wanted != task?.maxLength else {
            return try preparedTask(for: verb, maxLength: nil, seed: seed)
        }
        let judged = try requiredModel(for: verb)
        try TaskRequest.require(wanted, of: judged.name, judged.model, under: method?.tuning)
        var other = self
        let made = try other.preparedTask(for: verb, maxLength: wanted, seed: seed)
        isHeadTrained = other.isHeadTrained
        return made
    }

    /// A task to read texts with as the next run will, whose head nobody uses; nothing is changed.
    package func readingTask(for verb: String) throws -> any LearningTask {
        let model = try requiredModel(for: verb)
        let data = try requiredData(for: verb)
        if let task, isAtLength(task), task.isMasking(like: data.dataset) { return task }
        return try TaskRegistry.task(
            for: TaskRequest(model, data, maxLength: maxLength, under: method?.tuning, seed: 0))
    }

    /// The task for the model and data at hand, made when there is none of that length.
    package mutating func preparedTask(for verb: String, maxLength wanted: Int?, seed: UInt64) throws
        -> any LearningTask
    {
        let model = try requiredModel(for: verb)
        let data = try requiredClasses(for: verb)
        if let wanted { maxLength = wanted }
        if let task, isAtLength(task), task.isMasking(like: data.dataset) { return task }
        let made = try TaskRegistry.task(
            for: TaskRequest(model, data, maxLength: maxLength, under: method?.tuning, seed: seed))
        if let old = task {
            made.adoptHead(of: old)
        } else {
            isHeadTrained = try method?.head?.fill(made) ?? false
        }
        task = made
        return made
    }

    /// Whether a task reads texts at the length that was last asked for, as far as the method leaves room.
    private func isAtLength(_ task: any LearningTask) -> Bool {
        guard let maxLength, let model = model?.model else { return true }
        return maxLength <= model.config.context
            && task.maxLength == min(maxLength, model.room(under: method?.tuning))
    }

    /// What a run is made over, with a task that was prepared for it.
    func runInputs(
        _ task: any LearningTask, _ attached: AttachedMethod, headSeed: UInt64, sets: [ValidationSet]
    ) throws -> RunInputs {
        try RunInputs(
            model: requiredModel(for: "train"), data: requiredData(for: "train"), method: attached,
            task: task,
            headSeed: headSeed, seen: seen, kept: kept, sets: sets)
    }

    /// What a run to resume may take as it is.
    var atHand: AtHand { AtHand(model: model, method: method, data: data, seen: seen) }

    /// What a run was made over, in the place of what was here.
    mutating func adopt(_ inputs: RunInputs) {
        if model !== inputs.model { adopt(inputs.model) }
        (data, method, task) = (inputs.data, inputs.method, inputs.task)
        (maxLength, seen, kept) = (inputs.task.maxLength, inputs.seen, nil)
    }

    /// The method that was chosen, else the usual one.
    mutating func preparedMethod(seed: UInt64) throws -> AttachedMethod {
        if let method { return method }
        let attached = try AttachedMethod.usual(for: requiredModel(for: "train"), seed: seed)
        method = attached
        return attached
    }
}

extension AttachedMethod {
    /// The learning rate when none is given.
    func usualRate(
        on loaded: LoadedModel, with task: any LearningTask, by optimizer: OptimizerChoice
    ) -> Double {
        usualRate(on: loaded, isWriting: task.parameters.isEmpty, by: optimizer)
    }
}

extension LearningTask {
    /// Whether it masks as data want it, where it masks.
    fileprivate func isMasking(like dataset: Dataset) -> Bool {
        masking.map { $0 == dataset.masking ?? Masking() } ?? true
    }

    /// Goes on with the head that another task has trained.
    func adoptHead(of other: any LearningTask) {
        for (own, trained) in zip(parameters + buffers, other.parameters + other.buffers)
        where own.shape == trained.shape {
            own.replace(with: trained.dense().copy())
        }
    }
}
