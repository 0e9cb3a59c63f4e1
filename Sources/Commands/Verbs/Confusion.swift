import Datasets
import Display
import Language
import Training

/// `confusion`: which classes are taken for which.
struct ConfusionCommand: Command {
    private let part = VerbParameter.part(otherwise: "the last evaluation, else test")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "confusion", group: .judge, summary: "shows which classes are taken for which",
            details: """
                True classes stand in rows, answers in columns; the fill of a cell is its share of the row. Of up to \
                \(ConfusionView.countedClasses) classes every cell says count and share, of more its fill alone, and \
                beyond \(ConfusionView.filledClasses) the pairs that are confused most often are listed.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "confusion", "of the last evaluation", after: CommandExample.tuned)
            ], isLong: true, uses: [.data], changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let wanted = arguments[part].flatMap(Split.init(rawValue:))
        let result: EvaluationResult
        if let last = context.state.engine.lastEvaluation(on: wanted) {
            result = last
        } else {
            result = try EvaluateCommand.evaluate(
                wanted, maxLength: nil, for: arguments.verb.text, in: &context)
        }
        try result.requireClasses(for: arguments.verb.text)
        return Valued(result.confusion, value: .object(result.json))
    }
}
