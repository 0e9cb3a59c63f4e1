import Datasets
import Diagnostics
import Language
import Learning
import Training

/// The keys of `train` that say how a run is judged on its way, when it ends early, and which weights stay.
struct JudgingParameters: Sendable {
    let sets = VerbParameter<[String]?>(
        "validate", "what is judged besides: parts of the data, data sets, files",
        listOf: .name(.validationSet, isOpen: true)
    ).otherwise("the data's own validation part")
    let classNames = VerbParameter<[String]?>(
        "validate.map", "what classes of those sets are called there, OURS:THEIRS",
        listOf: .name(.label, isOpen: true)
    ).otherwise("classes of the same name are the same")
    let every = VerbParameter<Portion?>(
        "validate_every", "steps between two validations, or such a share of all steps", allowsNone: false
    )
    .also("eval_steps", unlessGiven: "none").otherwise("after each epoch")
    let figure = VerbParameter<String>(
        "by", "the figure of a validation that decides which is the best",
        .choice(DecidingFigure.all.map { Choice($0.name, $0.doc, aliases: $0.aliases) }),
        default: DecidingFigure.loss.name
    )
    .also("metric_for_best_model", unlessGiven: "none")
    let patience = VerbParameter<Int?>(
        "patience", "validations in a row without a better one, after which training ends", 1...1_000_000
    )
    .also("early_stopping_patience", unlessGiven: "none").otherwise("all steps are made")
    let leastGain = VerbParameter<Double>(
        "min_delta",
        "how much better a validation has to be for patience to begin anew, in the figure's own unit: 0.01 of accuracy is one point in a hundred",
        .from(0, to: 1e6),
        default: 0
    )
    .also("early_stopping_threshold", unlessGiven: "none")
    let keep = VerbParameter<String?>(
        "keep", "which weights stay at the end",
        .choice([
            Choice(
                "last", "the last step's; use best brings the best",
                aliases: ["false", "no", "off", "0"]),
            Choice(
                "best", "the best validation's; use last brings the last",
                aliases: ["true", "yes", "on", "1"]
            ),
            Choice("last_only", "the last step's, and no others are held in memory"),
        ])
    )
    .also("load_best_model_at_end", unlessGiven: "none").otherwise("last, with patience= best")
    let minutes = VerbParameter<Double?>(
        "minutes", "training ends after the step that passes so many; the schedule is that of all steps",
        .above(0, to: 1e6)
    ).unit("minutes").otherwise("no limit")
    let samples = VerbParameter<Int>(
        "samples", "validation texts whose answers are shown after each validation", 0...50, default: 0)

    var parameters: [ParameterDeclaration] { ParameterDeclaration.stored(in: self) }

    /// - Returns: nil where nothing is asked for.
    func settings(_ arguments: Arguments, seed: UInt64) -> JudgingSettings? {
        var settings = JudgingSettings()
        switch arguments[every] {
        case .count(let count): settings.every = .steps(count)
        case .share(let share): settings.every = .share(share)
        case nil: break
        }
        settings.figure = arguments[figure] == DecidingFigure.loss.name ? nil : arguments[figure]
        settings.patience = arguments[patience]
        settings.leastGain = arguments[leastGain] > 0 ? arguments[leastGain] : nil
        settings.keeps = arguments[keep].flatMap(JudgingSettings.Kept.init(rawValue:))
        settings.minutes = arguments[minutes]
        settings.samples = arguments[samples] > 0 ? arguments[samples] : nil
        settings.sets = arguments[sets].map { $0.map { ValidationSetRequest($0, seed: seed) } }
        settings.classNames = arguments[classNames]
        return settings.isUsual ? nil : settings
    }

    /// What a run is to be judged by.
    ///
    /// - Throws: what loading and matching brings up; `no-validation` for keys that need something to judge by;
    ///   `unused-key` for those that need another key; `no-figure`.
    func loaded(
        _ settings: JudgingSettings?, _ arguments: Arguments, of task: any LearningTask, in context: Context
    ) throws -> [ValidationSet] {
        let data = try context.state.engine.requiredData(for: arguments.verb.text).dataset
        if settings?.classNames != nil, settings?.sets == nil {
            throw Diagnostic(
                "unused-key", "validate.map= is for the data sets of validate=, and there are none",
                at: arguments.span(of: classNames), hint: "write validate=NAME beside it, or leave it out")
        }
        if settings?.leastGain != nil, settings?.patience == nil {
            throw Diagnostic(
                "unused-key", "min_delta= says what counts for patience=, which is not given",
                at: arguments.span(of: leastGain), hint: "write patience=3 beside it")
        }
        let sets: [ValidationSet]
        do {
            try settings?.sets?.requireDistinct()
            sets = try context.loading { loading in
                try ValidationSet.all(settings ?? JudgingSettings(), of: data) {
                    try DatasetRegistry.load($0, isLearned: false, in: loading)
                }
            }
        } catch let problem as Diagnostic {
            throw problem.located(at: problem.setting.map { arguments.span(of: $0) })
        }
        if let settings { try check(settings, arguments, sets, task) }
        return sets
    }

    private func check(
        _ settings: JudgingSettings, _ arguments: Arguments, _ sets: [ValidationSet], _ task: any LearningTask
    ) throws {
        let asking: [(name: String, isAsked: Bool)] = [
            (every.declaration.name, settings.every != nil),
            (figure.declaration.name, settings.figure != nil),
            (patience.declaration.name, settings.patience != nil),
            (keep.declaration.name, settings.keeps == .best),
            (samples.declaration.name, settings.samples != nil),
        ]
        if sets.isEmpty, let key = asking.first(where: \.isAsked)?.name {
            throw Diagnostic(
                "no-validation", "\(key)= needs validation texts, and the data have none",
                at: arguments.span(of: key),
                hint: "load the data with validation=20%, or write validate=test beside it")
        }
        guard settings.deciding.isGiven(by: task) else {
            throw Diagnostic(
                "no-figure",
                "by=\(arguments[figure]) is a figure of \(settings.deciding.domain.words), and here are none",
                at: arguments.span(of: figure), hint: "leave it out for the loss")
        }
        if settings.samples != nil, task.labels.isEmpty {
            throw Diagnostic(
                "no-samples", "samples= shows which class a text is given, and here are none",
                at: arguments.span(of: samples.declaration.name), hint: "leave it out")
        }
        if let bare = settings.deciding.classesItLacks(in: sets, of: task.labels) {
            throw Diagnostic(
                "no-figure",
                "by=\(settings.deciding.name) is \(settings.deciding.name == "auc" ? "undefined" : "0") whatever is answered: \(sets[0].name) has no text of \(bare)",
                at: arguments.span(of: figure), hint: "leave it out for the loss, or write by=accuracy")
        }
    }
}

extension ValueSource {
    static let validationSet = ValueSource("validation set")
}
