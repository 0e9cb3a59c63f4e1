import Diagnostics
import Display
import Language
import Training

/// `compare`: whether one of two is better, or only luckier, on the same texts.
struct CompareCommand: Command {
    private let names = VerbParameter<[String]>(
        "names", "evaluations by what was evaluated; each is compared with the first",
        listOf: .name(.evaluation, isOpen: true), default: []
    ).rest()

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "compare", group: .experiment,
            summary: "compares evaluations of the same texts, figure by figure",
            details: """
                Every evaluation of the session is kept under the name of its run, base, or the one that evaluate as= \
                gives it; baseline keeps baseline and commonest. Of an accuracy p is McNemar's, exact, over the texts \
                on which one alone is right; intervals of differences, and the other p, come from drawing the \
                texts of both together 1,000 times. Evaluations of other texts are refused.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "compare base run-1", "before and after a training",
                    after: "model nano\nload toy train=600 test=100\nevaluate\ntrain epochs=1\nevaluate"),
                CommandExample(
                    "compare baseline r8", "with what needs no language model",
                    after:
                        "model nano\nload toy train=200 test=100\nbaseline\ntrain steps=5\nevaluate as=r8"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let wanted = arguments[names].map(RunName.whole)
        guard wanted.count > 1, Set(wanted).count == wanted.count else {
            throw Diagnostic(
                "missing-value", "compare needs the names of two evaluations or more, each once",
                at: wanted.isEmpty ? arguments.verb.span : arguments.span(of: names),
                hint: "write compare base run-1, after evaluate of=base,run-1")
        }
        let all = context.state.engine.evaluations
        return try locating(arguments.span(of: names)) {
            try Self.known(wanted, among: all)
            let found = all.last(of: wanted) ?? wanted.compactMap { name in all.last { $0.name == name } }
            return try ComparisonReport.display(found, in: context)
        }
    }

    /// - Throws: `no-evaluation` that names a stranger.
    static func known(_ names: [String], among all: [NamedEvaluation]) throws {
        let known = all.map(\.name)
        guard let stranger = names.first(where: { !known.contains($0) }) else { return }
        throw Diagnostic(
            "no-evaluation", "there is no evaluation of \(stranger.forMessages)",
            hint: closestName(to: stranger, among: known).map { "did you mean \($0)?" }
                ?? "write evaluate of=\(stranger.forMessages) before it")
    }
}

extension ValueSource {
    static let evaluation = ValueSource("evaluation")
}
