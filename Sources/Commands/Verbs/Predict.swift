import Datasets
import Diagnostics
import Display
import Foundation
import JSON
import Language
import System
import Training

/// `predict`: the classes, or the numbers, of texts of one's own, or the words at their masks.
struct PredictCommand: Command {
    private let texts = VerbParameter<[String]>(
        "text", "texts in quotes, two for each pair; or a file with one a row", listOf: .text, default: []
    )
    .sentences()
    private let pair = VerbParameter<String?>("pair", "the second text of a pair, beside the first", .text)
    private let file = VerbParameter<String?>("file", "a file with a text a row", .path(.table))
    private let target = VerbParameter<String?>(
        "to", "a .csv file to write: text, answer, probabilities of classes", .path(.file(["csv"])))
    private let asking = AskingParameters()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "predict", group: .judge,
            summary: "gives texts their classes, numbers, or the likeliest words at masks",
            details: """
                Where an encoder learns texts themselves, or no data are loaded, a text has a [MASK] or several, and the \
                five likeliest words at each are shown.

                A file's columns are found as load finds them. What to= writes appears whole or not at all, and an \
                earlier file of that name is replaced, but never the one that the texts come from.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "predict \"the soup was lovely\"", "one text",
                    after: CommandExample.tuned),
                CommandExample(
                    "predict 'the train was bleak' 'a superb song'", "several",
                    after: CommandExample.tuned),
                CommandExample(
                    "predict 'the [MASK] was lovely'", "an encoder's likeliest words", after: "model nano"),
                CommandExample(
                    "predict 'a man sleeps' pair='nobody is awake'", "a pair, for data that have pairs",
                    isSelfContained: false),
                CommandExample(
                    "predict 'the soup was bleak' shots=4", "with four examples before it, and nothing tuned",
                    after: "model nano-llama\nload toy train=40 test=20 prompt=plain"),
                CommandExample(
                    "predict file=new.csv to=answers.csv", "a file, into another", isSelfContained: false),
            ], foreign: ForeignSettings.judging, uses: [.data], changes: [.model])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        if let loaded = maskFilling(arguments, in: context) {
            return try filled(arguments, by: loaded, in: context)
        }
        let data = try context.state.engine.requiredClasses(for: arguments.verb.text)
        guard !data.dataset.labels.isEmpty || data.dataset.shape == .values else {
            throw Diagnostic(
                "no-classes", "predict gives texts one of the data's classes or a number, and there are none",
                at: arguments.verb.span, hint: "write generate 'a beginning' for what a model writes")
        }
        let (written, notes) = try asked(arguments, like: data, in: context)
        let examples = data.dataset.passages?.placed(before: written) ?? written
        let output = try arguments[target].map { path in
            try locating(arguments.span(of: target)) {
                try TargetFile.checked(
                    path, endings: ["csv"], sources: sources(arguments, data))
            }
        }
        let loaded = try context.readyModel(for: arguments.verb.text)
        let usual = try context.state.engine.preparedTask(
            for: arguments.verb.text, maxLength: nil, seed: UInt64(context.state.settings.seed))
        let (task, shots) = try asking.applied(to: usual, before: written, arguments, in: context)
        let isUntrained = data.template == nil && !context.state.engine.isHeadTrained
        let encoded = try task.encoder.encode(
            examples, workers: context.workers, interruption: context.interruption)
        let outcome = try Evaluator(
            model: loaded.model, under: context.state.engine.method?.tuning, task: task,
            workers: context.workers,
            isUntuned: context.state.engine.seen.isUntuned(under: context.state.engine.method?.tuning)
        ).evaluate(encoded, interruption: context.interruption)
        let engine = context.state.engine
        let remarks = PredictionRemarks(
            examples, encoded, seen: engine.seen, tokenizer: loaded.tokenizer, maxLength: task.maxLength)
        let rows = "\(examples.count.grouped) row\(examples.count == 1 ? "" : "s")"
        let remark = output.map { ["\(rows) written to \($0.forMessages)"] } ?? []
        let said = notes + remarks.notes + (shots?.notes ?? []) + remark
        let untrained =
            task.givesNumber ? EvaluationReport.untrainedNumber : EvaluationReport.untrained
        let warning = isUntrained ? untrained : remarks.warning
        let report: any Predictions =
            task.givesNumber
            ? ValuePredictionReport(
                examples, outcome.answers, notes: said, warning: warning, seen: remarks.isSeen)
            : PredictionReport(
                examples, outcome.answers, labels: task.labels, notes: said, warning: warning,
                seen: remarks.isSeen)
        if let output {
            try context.interruption.check()
            try locating(arguments.span(of: target)) {
                try AtomicFile.write(Array(report.csv.utf8), to: output)
            }
        }
        return report
    }

    // MARK: - Masks

    /// The encoder that is to fill masks in; nil where classes are asked for.
    private func maskFilling(_ arguments: Arguments, in context: Context) -> LoadedModel? {
        let engine = context.state.engine
        guard let loaded = engine.model, !loaded.model.isCausal else { return nil }
        if let data = engine.data { return data.dataset.shape == .texts ? loaded : nil }
        let name = loaded.tokenizer.special.mask.map { FilledMasks.name(of: $0, by: loaded.tokenizer) }
        return name.map { name in arguments[texts].contains { $0.contains(name) } } == true ? loaded : nil
    }

    private func filled(
        _ arguments: Arguments, by loaded: LoadedModel, in context: Context
    ) throws -> any Displayable {
        for key in [pair.declaration.name, file.declaration.name, target.declaration.name]
        where arguments.given(key) != nil {
            throw Diagnostic(
                "unused-key", "\(key)= is of classes, and here masks are filled in",
                at: arguments.span(of: key),
                hint: "leave it out, and write texts with [MASK] in quotes")
        }
        guard !arguments[texts].isEmpty else {
            throw Diagnostic(
                "missing-value", "predict needs a text with a mask", at: arguments.verb.span,
                hint: "write predict 'the [MASK] was lovely'")
        }
        let engine = context.state.engine
        return try locating(arguments.span(of: texts)) {
            FilledMasksReport(
                try FilledMasks.all(
                    in: arguments[texts], by: engine.maskFiller(loaded), under: engine.method?.tuning,
                    tokenizer: loaded.tokenizer, interruption: context.interruption))
        }
    }

    // MARK: - What is asked

    /// The texts, from the words, the pair or the file; notes on the file.
    private func asked(
        _ arguments: Arguments, like data: LoadedData, in context: Context
    ) throws -> (examples: [Example], notes: [String]) {
        if let path = arguments[file] {
            guard arguments[texts].isEmpty, arguments[pair] == nil else {
                throw Diagnostic(
                    "two-values", "texts come from a file or stand here, not both",
                    at: arguments.span(of: file), hint: "leave one of them out")
            }
            return try locating(arguments.span(of: file)) {
                try context.loading {
                    try DatasetRegistry.texts(at: expandingHome(path), like: data.dataset, in: $0)
                }
            }
        }
        guard !arguments[texts].isEmpty else {
            throw Diagnostic(
                "missing-value", "predict needs texts", at: arguments.verb.span,
                hint: "write predict 'a text', or predict file=FILE")
        }
        guard let second = arguments[pair] else {
            return try locating(arguments.span(of: texts)) {
                try context.loading {
                    try DatasetRegistry.texts(arguments[texts], like: data.dataset, in: $0)
                }
            }
        }
        return try locating(arguments.span(of: pair)) {
            guard data.dataset.pairColumn != nil else {
                throw Diagnostic(
                    "no-pair",
                    "\(data.dataset.name) has single texts: a second one means nothing to the model",
                    hint: "leave pair out")
            }
            guard arguments[texts].count == 1, let first = arguments[texts].first else {
                throw Diagnostic(
                    "no-pair", "pair is the second text of one, and there are \(arguments[texts].count)",
                    hint: "write predict 'the first text' 'the second'")
            }
            guard !(first + second).allSatisfy(\.isWhitespace) else {
                throw Diagnostic("no-text", "there is no text to predict")
            }
            return ([Example(text: first, pair: second, id: 0)], [])
        }
    }

    /// The files that texts come from, now or when the data were loaded.
    private func sources(_ arguments: Arguments, _ data: LoadedData) -> [String] {
        (arguments[texts] + [arguments[file], data.request?.path].compactMap(\.self)).map {
            expandingHome($0)
        }
    }
}
