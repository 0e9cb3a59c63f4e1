import Diagnostics
import Display
import JSON
import Language

@testable import Commands

/// `trial`: a block verb of the tests' own, which runs its lines once for each choice among their alternatives.
struct TrialCommand: Command {
    private let shows = VerbParameter<Bool>("shows", "show what the lines show", default: false)
    private let isStrict = VerbParameter<Bool>("strict", "end with the first error", default: false)
    private let takes = VerbParameter<Bool>("takes", "go on with what the last choice made", default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "trial", aliases: ["attempt"], group: .session,
            summary: "runs lines for each choice among their alternatives",
            parameters: [shows.declaration, isStrict.declaration, takes.declaration],
            examples: [CommandExample("trial\n  set seed=[1, 2]\nend", "with two seeds")], isBlock: true)
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        var outcomes: [JSON] = []
        for choice in choices(among: try context.alternatives()) {
            let outcome = try context.executor.run(
                context.body, from: context.state, choosing: choice,
                showing: arguments[shows] ? context.output : nil)
            if arguments[isStrict], let problem = outcome.problem { throw problem }
            if arguments[takes] { context.state = outcome.state }
            outcomes.append(Self.json(of: outcome))
        }
        return Message("tried \(outcomes.count)", value: .array(outcomes))
    }

    private static func json(of outcome: BlockOutcome) -> JSON {
        var object: JSONObject = ["metrics": .object(outcome.state.metrics)]
        object["lines"] = .array(outcome.reports.map { .string($0.status.rawValue) })
        object["values"] = .array(outcome.reports.map(\.value))
        object["rank"] = outcome.state.variables["rank"]?.json
        if let problem = outcome.problem {
            object["problem"] = .string(problem.description)
            object["place"] = .array((problem.span.map { [$0.start, $0.end] } ?? []).map(JSON.integer))
        }
        return .object(object)
    }

    /// Every combination, the last place changing fastest; of a range its two ends.
    private func choices(among places: [Alternatives]) -> [[SourceSpan: Literal]] {
        places.reduce([[:]]) { choices, place in
            let options: [Literal] =
                switch place.values {
                case .options(let options): options
                case .range(let low, let high, _): [.word(formatted(low)), .word(formatted(high))]
                }
            return choices.flatMap { choice in
                options.map { choice.merging([place.span: $0]) { $1 } }
            }
        }
    }
}
