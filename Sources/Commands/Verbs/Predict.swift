import Datasets
import Diagnostics
import Display
import Foundation
import JSON
import Language
import System
import Training

/// `predict`: the classes of texts of one's own.
struct PredictCommand: Command {
    private let texts = Language.Parameter<[String]>(
        "text", "texts in quotes, two for each pair; or a file with one a row", listOf: .text, default: []
    )
    .sentences().required()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "predict", group: .judge, summary: "gives the class probabilities of texts",
            parameters: parameters,
            examples: [
                CommandExample(
                    "predict \"the soup was lovely\"", "one text",
                    after: "model nano\nload toy train=50 test=50"),
                CommandExample(
                    "predict 'the train was bleak' 'a superb song'", "several",
                    after: "model nano\nload toy train=50 test=50"),
            ], foreign: ForeignSettings.judging, uses: [.data], changes: [.model])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let data = try context.state.engine.requiredClasses(for: arguments.verb.text)
        let (examples, notes) = try locating(arguments.span(of: texts)) {
            try rows(of: arguments[texts], like: data.dataset, in: context)
        }
        let loaded = try context.readyModel(for: arguments.verb.text)
        let task = try context.state.engine.preparedTask(
            for: arguments.verb.text, maxLength: nil, seed: UInt64(context.state.settings.seed))
        let isUntrained = data.template == nil && !context.state.engine.isHeadTrained
        let encoded = try task.encode(examples, workers: context.workers, interruption: context.interruption)
        let outcome = try Evaluator(
            model: loaded.model, under: context.state.engine.method?.tuning, objective: task.objective,
            workers: context.workers
        ).scores(of: encoded, interruption: context.interruption)
        return table(
            examples, outcome,
            notes: notes + (isUntrained ? [EvaluationReport.untrained] : []),
            cut: encoded.count { $0.cut > 0 }, task)
    }

    /// Texts as they were written, two for each pair, or the rows of the one file that was named.
    private func rows(
        of texts: [String], like data: Dataset, in context: Context
    ) throws -> (examples: [Example], notes: [String]) {
        guard texts.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            throw Diagnostic("no-text", "there is no text to predict")
        }
        try refuseNames(texts)
        var isFolder: ObjCBool = false
        if texts.count == 1, let path = texts.first.map({ expandingHome($0) }),
            FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
        {
            return try DatasetRegistry.texts(at: path, like: data, in: context.loading())
        }
        guard data.pairColumn != nil else {
            return (texts.enumerated().map { Example(text: $1, id: $0) }, [])
        }
        guard texts.count.isMultiple(of: 2) else {
            throw Diagnostic(
                "no-pair",
                "\(data.name) has pairs of texts, and "
                    + (texts.count == 1 ? "one text is no pair" : "of \(texts.count) texts one is left over"),
                hint: "write predict 'the first text' 'the second'")
        }
        let pairs = stride(from: 0, to: texts.count, by: 2).map {
            Example(text: texts[$0], pair: texts[$0 + 1], id: $0 / 2)
        }
        return (pairs, [])
    }

    /// Refuses what names a file and would be read as a text: a folder, one file among several texts, a file
    /// that is not there.
    private func refuseNames(_ texts: [String]) throws {
        for text in texts {
            var isFolder: ObjCBool = false
            let path = expandingHome(text)
            let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isThere, isFolder.boolValue || texts.count > 1 {
                throw Diagnostic(
                    "not-a-text",
                    "\(text.prefix(60)) is a \(isFolder.boolValue ? "folder" : "file"); predict takes texts, or one file alone"
                )
            }
            let endings = [".csv", ".tsv", ".json", ".jsonl", ".txt", ".parquet"]
            let isName = !text.contains(where: \.isWhitespace) && endings.contains(where: text.hasSuffix)
            if !isThere, isName { throw Diagnostic("no-file", "there is no file \(text.prefix(60))") }
        }
    }

    /// Rows that are shown; all are in the value.
    private static let shownRows = 100

    private func table(
        _ examples: [Example], _ outcome: Evaluator.Outcome, notes: [String], cut: Int, _ task: LearningTask
    ) -> any Displayable {
        let labels = task.objective.labels
        let isPaired = examples.contains { $0.pair != nil }
        var table = Table(
            columns: [Table.Column("text", widthLimit: 70)]
                + (isPaired ? [Table.Column("second text", widthLimit: 70)] : []) + ["class"]
                + labels.map { .number($0, .percent(1)) })
        table.notes = notes
        if cut > 0 { table.notes.append("\(cut) of the texts were cut to \(task.maxLength) tokens") }
        if examples.count > Self.shownRows {
            table.notes.append("the first \(Self.shownRows) of \(examples.count) rows")
        }
        var values: [JSON] = []
        for (example, (prediction, scores)) in zip(examples, zip(outcome.predictions, outcome.scores)) {
            let shares = scores.map { Double(exp($0)) }
            if values.count < Self.shownRows {
                table.add(
                    [.text(example.text.clipped(to: 600))]
                        + (isPaired ? [.text((example.pair ?? "").clipped(to: 600))] : [])
                        + [.text(labels[prediction])] + shares.map { .number($0) })
            }
            var value: JSONObject = [
                "text": .string(example.text), "class": .string(labels[prediction]),
                "probabilities": .object(JSONObject(zip(labels, shares.map(JSON.number)))),
            ]
            if let pair = example.pair { value["pair"] = .string(pair) }
            values.append(.object(value))
        }
        return Valued(table, value: .array(values))
    }
}
