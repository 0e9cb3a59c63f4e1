import Datasets
import Diagnostics
import Display
import JSON
import Language
import Training

/// `evaluate`: how good the model is.
struct EvaluateCommand: Command {
    private let part = VerbParameter.part(otherwise: "test, or validation where there is no test part")
    private let of = VerbParameter<[String]>(
        "of", "what is judged in the session's place: base, best, last, finished runs",
        listOf: .name(.evaluated, isOpen: true), default: []
    ).otherwise("the weights in use")
    private let name = VerbParameter<String?>("as", "a name for this evaluation, for compare", .text)
        .otherwise("the run of the weights in use, or base")
    private let other = VerbParameter<String?>(
        "data", "another data set or a file to judge by, which is not loaded for anything else",
        .name(.dataset, isOpen: true)
    ).otherwise("the data that are loaded")
    private let classNames = VerbParameter<[String]?>(
        "map", "what the classes are called in data=, OURS:THEIRS", listOf: .name(.label, isOpen: true)
    ).otherwise("classes of the same name are the same")
    private let maxLength = VerbParameter.maxLength(
        "tokens of a text, in this evaluation alone; more are cut off", otherwise: "as before")
    private let textJudging = TextJudging()
    private let asking = AskingParameters()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "evaluate", aliases: ["eval"], group: .judge,
            summary: "judges the model on examples it has not seen",
            details:
                """
                Everything comes from one confusion matrix; accuracy has its interval and its baseline beside it. \
                show wrong shows the texts that it got wrong, plot calibration how sure it was. The calibration error \
                is that of Guo et al. 2017: ten bins of equal width of the probability of the class that was named. \
                Texts that the weights have learned from are counted, and a score over them is not called a test. \
                of= judges others than the weights in use, which stay, and compares each with the first; base are the loaded weights, untuned.

                shots= puts examples of the training part with their answers before each text, the same before all, so many of \
                a class as of any other: what a model can do that was shown a little and tuned on nothing. They take what the \
                longest text leaves of max_length, at most half of it. A class that a prompt asks for is scored by all \
                tokens of its name and the end after it; scoring=mean divides that by their number.

                Of data with answers it judges how probable these are. metrics= has the model write its own, by the likeliest \
                tokens, and compares them with the known ones: BLEU, chrF and TER as sacrebleu has them, ROUGE as rouge-score.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "evaluate", "on the test part", after: CommandExample.tuned),
                CommandExample(
                    "evaluate on=train", "on what was learned", after: CommandExample.tuned
                ),
                CommandExample(
                    "evaluate data=reviews.csv map=negative:1,positive:5", "across domains",
                    isSelfContained: false),
                CommandExample(
                    "evaluate metrics=chrf++,rougeL max_tokens=24", "of titles that the model writes",
                    isSelfContained: false),
                CommandExample(
                    "evaluate shots=4 as=four", "with four examples before each text, and nothing tuned",
                    after: "model nano-llama\nload toy train=40 test=20 prompt=plain"),
                CommandExample(
                    "evaluate of=base,run-1", "before and after training, compared",
                    after: CommandExample.tuned),
            ], foreign: ForeignSettings.judging, isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        if let name = arguments[name] {
            try locating(arguments.span(of: self.name)) { try RunName.check(name) }
            guard arguments[of].isEmpty else {
                throw Diagnostic(
                    "two-values", "what of= judges has names already, and as= gives one more",
                    at: arguments.span(of: self.name), hint: "leave as= out")
            }
        }
        let verb = arguments.verb.text
        let metrics = try textJudging.chosen(in: arguments)
        _ = try context.state.engine.requiredData(for: verb)
        _ = try context.readyModel(for: verb)
        let texts = try texts(arguments, in: context)
        guard arguments[of].isEmpty else {
            return try judgeOthers(arguments, by: texts, metrics, in: &context)
        }
        var engine = context.state.engine
        let result = try judge(texts, metrics, arguments, of: &engine, in: context)
        engine.keep(
            result, of: texts.dataset, by: engine, isOther: arguments.isGiven(other),
            as: arguments[name] ?? engine.weightsName + asking.ending(arguments))
        context.state.engine = engine
        return Self.report(result, of: engine, showsTimes: context.state.settings.showsTimes)
    }

    /// Evaluates, and keeps the result for the plots, tables, comparisons and expressions that follow.
    static func evaluate(
        _ wanted: Split?, maxLength: Int?, for verb: String, in context: inout Context
    ) throws -> EvaluationResult {
        let data = try context.state.engine.requiredData(for: verb)
        _ = try context.readyModel(for: verb)
        var engine = context.state.engine
        let texts = ValidationSet(
            name: data.dataset.name, dataset: data.dataset, split: data.part(named: wanted))
        let task = try engine.judgingTask(
            for: verb, maxLength: maxLength, seed: UInt64(context.state.settings.seed))
        let result = try judge(texts, by: task, of: engine, in: context)
        engine.keep(result, of: texts.dataset, by: engine, as: engine.weightsName)
        context.state.engine = engine
        return result
    }

    /// What is judged by: a part of the data, or of others.
    private func texts(_ arguments: Arguments, in context: Context) throws -> ValidationSet {
        let own = try context.state.engine.requiredData(for: arguments.verb.text)
        let split = arguments[part].flatMap(Split.init(rawValue:))
        guard let path = arguments[other] else {
            guard !arguments.isGiven(classNames) else {
                throw Diagnostic(
                    "unused-key", "map= says what classes are called in data=, which is not given",
                    at: arguments.span(of: classNames), hint: "write data=NAME beside it, or leave it out")
            }
            return ValidationSet(
                name: own.dataset.name, dataset: own.dataset, split: own.part(named: split))
        }
        let seed = UInt64(context.state.settings.seed)
        do {
            return try context.loading { loading in
                try ValidationSet.other(
                    DatasetRequest(name: path, seed: seed), on: split,
                    classNames: arguments[classNames] ?? [], of: own.dataset
                ) { try DatasetRegistry.load($0, isLearned: false, in: loading) }
            }
        } catch let problem as Diagnostic {
            throw problem.located(at: problem.setting.map { arguments.span(of: $0) })
        }
    }

    /// Each with the weights that its name stands for.
    private func judgeOthers(
        _ arguments: Arguments, by texts: ValidationSet, _ metrics: [any TextMetric],
        in context: inout Context
    ) throws -> any Displayable {
        let names = arguments[of].map(RunName.whole)
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw Diagnostic(
                "bad-value", "of= names \(names[twice].forMessages) twice", at: arguments.span(of: of),
                hint: "write it once")
        }
        var found: [NamedEvaluation] = []
        var reports: [EvaluationReport] = []
        for name in names {
            var engine = try context.engine(withWeightsOf: name, at: arguments.span(of: of))
            let result = try judge(texts, metrics, arguments, of: &engine, in: context)
            context.state.engine.keep(
                result, of: texts.dataset, by: engine, isOther: arguments.isGiven(other),
                as: name + asking.ending(arguments))
            found += context.state.engine.evaluations.suffix(1)
            reports.append(
                Self.report(result, of: engine, showsTimes: context.state.settings.showsTimes))
        }
        guard found.count > 1 else { return reports[0] }
        return try ComparisonReport.display(found, in: context)
    }

    /// What an engine's weights make of some texts, and of what they write by themselves where that is asked for.
    private func judge(
        _ texts: ValidationSet, _ metrics: [any TextMetric], _ arguments: Arguments,
        of engine: inout EngineState, in context: Context
    ) throws -> EvaluationResult {
        let seed = context.state.settings.seed
        let usual = try locating(arguments.span(of: part)) {
            try engine.judgingTask(
                for: arguments.verb.text, maxLength: arguments[maxLength], seed: UInt64(seed))
        }
        let (task, shots) = try asking.applied(
            to: usual, before: texts.dataset[texts.split], arguments, in: context)
        var result = try locating(arguments.span(of: part)) {
            try Self.judge(texts, by: task, of: engine, in: context)
        }
        result.shots = shots
        guard !metrics.isEmpty else { return result }
        let written = try locating(textJudging.span(in: arguments)) {
            try Self.written(
                texts, metrics, by: task, textJudging.settings(in: arguments, seed: seed), of: engine,
                in: context)
        }
        result.metrics.figures += written.figures
        (result.written, result.writtenMetric) = (written.answers, metrics.first?.name)
        return result
    }

    /// What the session's model writes, and what that is worth.
    private static func written(
        _ texts: ValidationSet, _ metrics: [any TextMetric], by task: any LearningTask,
        _ settings: GenerationSettings, of engine: EngineState, in context: Context
    ) throws -> WrittenPart.Outcome {
        let loaded = try engine.requiredModel(for: "evaluate")
        let (workers, interruption) = (context.workers, context.interruption)
        let part = try WrittenPart(
            texts.dataset, texts.split, for: task, instruction: engine.data?.instruction,
            tokenizer: loaded.tokenizer, workers: workers, interruption: interruption)
        let progress = Progress("evaluate", total: part.count, unit: "answer", in: context)
        do {
            let outcome = try part.judged(
                by: metrics, loaded, under: engine.method?.tuning, settings: settings, workers: workers,
                interruption: interruption
            ) { progress.note(done: $0, total: $1) }
            progress.finishIfShown(.finished)
            return outcome
        } catch {
            progress.finishIfShown(.stopped)
            throw error
        }
    }

    /// What an engine's weights make of some texts.
    private static func judge(
        _ texts: ValidationSet, by task: any LearningTask, of engine: EngineState, in context: Context
    ) throws -> EvaluationResult {
        var result = try judge(texts.dataset, texts.split, by: task, of: engine, in: context)
        if texts.isTest { result.isOfTest = true }
        return result
    }

    /// What the session's model does on a part, by a task that need not be the session's.
    static func judge(
        _ dataset: Dataset, _ split: Split, by task: any LearningTask, of engine: EngineState,
        in context: Context
    ) throws -> EvaluationResult {
        let loaded = try engine.requiredModel(for: "evaluate")
        let progress = Progress("evaluate", total: dataset[split].count, unit: "example", in: context)
        do {
            let (workers, interruption) = (context.workers, context.interruption)
            let result = try EncodedPart(
                dataset, split, for: task, workers: workers, interruption: interruption
            ).evaluate(
                loaded.model, under: engine.method?.tuning, seen: engine.seen, keepsTexts: true,
                workers: workers, interruption: interruption
            ) { done, total in progress.note(done: done, total: total) }
            progress.finishIfShown(.finished)
            return result
        } catch {
            progress.finishIfShown(.stopped)
            throw error
        }
    }

    private static func report(
        _ result: EvaluationResult, of engine: EngineState, showsTimes: Bool
    ) -> EvaluationReport {
        // Also where the last step's were the best: had others been, they would be in use.
        let isChosen =
            engine.run?.usesBest == true
            || engine.kept?.settings.learning.judging?.chooses == true
                && engine.run?.best?.steps == engine.run?.stepsInUse
        let chooser = isChosen ? engine.run?.lineInUse?.validation : nil
        return EvaluationReport(
            result: result, isUntrained: engine.hasUntrainedHead, showsTimes: showsTimes,
            method: ([engine.method?.shortSummary ?? "untuned"] + [result.shots?.summary].compactMap(\.self))
                .joined(separator: ", "),
            hasChosen: result.split == .test && chooser?.isTest == true && chooser?.data == result.data)
    }
}
