import Datasets
import Display
import JSON
import Language
import Training

/// `evaluate`: how good the model is.
struct EvaluateCommand: Command {
    private let part = VerbParameter.part(otherwise: "test, or validation where there is no test part")
    private let maxLength = VerbParameter.maxLength(
        "tokens of a text, in this evaluation alone; more are cut off", otherwise: "as before")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "evaluate", aliases: ["eval"], group: .judge,
            summary: "judges the model on examples it has not seen",
            details:
                """
                Everything comes from one confusion matrix; accuracy has its interval and its baseline beside it. \
                show wrong shows the texts that it got wrong. \
                Texts that the weights have learned from are counted, and a score over them is not called a test.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "evaluate", "on the test part", after: CommandExample.tuned),
                CommandExample(
                    "evaluate on=train", "on what was learned", after: CommandExample.tuned
                ),
            ], foreign: ForeignSettings.judging, isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let result = try locating(arguments.span(of: part)) {
            try Self.evaluate(
                arguments[part].flatMap(Split.init(rawValue:)), maxLength: arguments[maxLength],
                for: arguments.verb.text, in: &context)
        }
        let engine = context.state.engine
        let hasHead = engine.task?.parameters.isEmpty == false
        // Also where the last step's were the best: had others been, they would be in use.
        let isChosen =
            engine.run?.usesBest == true
            || engine.kept?.settings.learning.judging?.chooses == true
                && engine.run?.best?.steps == engine.run?.stepsInUse
        let chooser = isChosen ? engine.run?.lineInUse?.validation : nil
        return EvaluationReport(
            result: result, isUntrained: hasHead && !engine.isHeadTrained,
            showsTimes: context.state.settings.showsTimes,
            method: engine.method?.shortSummary ?? "untuned",
            hasChosen: result.split == .test && chooser?.isTest == true && chooser?.data == result.data)
    }

    /// Evaluates, and keeps the result for the plots, tables and expressions that follow.
    static func evaluate(
        _ wanted: Split?, maxLength: Int?, for verb: String, in context: inout Context
    ) throws -> EvaluationResult {
        let data = try context.state.engine.requiredData(for: verb)
        _ = try context.readyModel(for: verb)
        var engine = context.state.engine
        let task = try engine.judgingTask(
            for: verb, maxLength: maxLength, seed: UInt64(context.state.settings.seed))
        let result = try judge(data.dataset, data.part(named: wanted), by: task, of: engine, in: context)
        engine.evaluation = result
        context.state.engine = engine
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
}
