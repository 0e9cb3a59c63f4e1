import Datasets
import Display
import Foundation
import JSON
import Language
import Training

/// `predict`: the classes of texts of one's own.
struct PredictCommand: Command {
    private let texts = VerbParameter<[String]>(
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
            try DatasetRegistry.texts(arguments[texts], like: data.dataset, in: context.loading())
        }
        let loaded = try context.readyModel(for: arguments.verb.text)
        let task = try context.state.engine.preparedTask(
            for: arguments.verb.text, maxLength: nil, seed: UInt64(context.state.settings.seed))
        let isUntrained = data.template == nil && !context.state.engine.isHeadTrained
        let encoded = try task.encoder.encode(
            examples, workers: context.workers, interruption: context.interruption)
        let outcome = try Evaluator(
            model: loaded.model, under: context.state.engine.method?.tuning, task: task,
            workers: context.workers
        ).evaluate(encoded, interruption: context.interruption)
        return table(
            examples, outcome.answers,
            notes: notes + (isUntrained ? [EvaluationReport.untrained] : []),
            cut: encoded.count { $0.cut > 0 }, task)
    }

    /// Rows that are shown; all are in the value.
    private static let shownRows = 100

    private func table(
        _ examples: [Example], _ answers: [Answer], notes: [String], cut: Int, _ task: any LearningTask
    ) -> any Displayable {
        let labels = task.labels
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
        for (example, answer) in zip(examples, answers) {
            let label = labels[answer.prediction]
            let shares = answer.values.map { Double(exp($0)) }
            if values.count < Self.shownRows {
                table.add(
                    [.text(example.text.clipped(to: 600))]
                        + (isPaired ? [.text((example.pair ?? "").clipped(to: 600))] : [])
                        + [.text(label)] + shares.map { .number($0) })
            }
            var value: JSONObject = [
                "text": .string(example.text), "class": .string(label),
                "probabilities": .object(JSONObject(zip(labels, shares.map(JSON.number)))),
            ]
            if let pair = example.pair { value["pair"] = .string(pair) }
            values.append(.object(value))
        }
        return Valued(table, value: .array(values))
    }
}
