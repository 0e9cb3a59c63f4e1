import Datasets
import Diagnostics
import Display
import Foundation
import JSON
import Language
import Training

/// `predict`: the classes of texts of one's own.
struct PredictCommand: Command {
    private let texts = Language.Parameter<[String]>(
        "text", "one text, or several in quotes", listOf: .text, default: []
    )
    .sentences().required()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "predict", group: .judge, summary: "gives the class probabilities of a text",
            parameters: [texts.declaration],
            examples: [
                CommandExample(
                    "predict \"the soup was lovely\"", "one text",
                    after: "model nano\nload toy train=50 test=50"),
                CommandExample(
                    "predict 'the train was bleak' 'a superb song'", "several",
                    after: "model nano\nload toy train=50 test=50"),
            ], uses: [.data], changes: [.model])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.state.engine.requiredModel(for: arguments.verb.text)
        _ = try context.state.engine.requiredClasses(for: arguments.verb.text)
        let task = try context.state.engine.preparedTask(
            for: arguments.verb.text, maxLength: nil, seed: UInt64(context.state.settings.seed))
        let texts = arguments[texts]
        guard texts.contains(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            throw Diagnostic("no-text", "there is no text to predict", at: arguments.span(of: self.texts))
        }
        let examples = texts.enumerated().map { Example(text: $1, id: $0) }
        let encoded = try task.encode(examples, workers: context.workers, interruption: context.interruption)
        let outcome = try Evaluator(model: loaded.model, objective: task.objective, workers: context.workers)
            .scores(of: encoded, interruption: context.interruption)
        return table(texts, outcome, cut: encoded.count { $0.cut > 0 }, task)
    }

    private func table(
        _ texts: [String], _ outcome: Evaluator.Outcome, cut: Int, _ task: LearningTask
    ) -> any Displayable {
        let labels = task.objective.labels
        var table = Table(
            columns: [Table.Column("text", widthLimit: 70), "class"] + labels.map { .number($0, .percent(1)) }
        )
        if cut > 0 { table.notes = ["\(cut) of the texts were cut to \(task.maxLength) tokens"] }
        var values: [JSON] = []
        for (text, (prediction, scores)) in zip(texts, zip(outcome.predictions, outcome.scores)) {
            let shares = scores.map { Double(exp($0)) }
            table.add([.text(text), .text(labels[prediction])] + shares.map { .number($0) })
            values.append([
                "text": .string(text), "class": .string(labels[prediction]),
                "probabilities": .object(JSONObject(zip(labels, shares.map(JSON.number)))),
            ])
        }
        return Valued(table, value: .array(values))
    }
}
