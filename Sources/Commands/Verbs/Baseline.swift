import Datasets
import Diagnostics
import Display
import Language
import Training

/// `baseline`: what a tuned model has to beat.
struct BaselineCommand: Command {
    private let part = VerbParameter.part(otherwise: "test, or validation where there is no test part")
    private let longest = VerbParameter<Int>(
        "ngrams", "how many words in a row are a term at most", 1...5, default: 1)
    private let least = VerbParameter<Portion>(
        "min_df", "training texts, or a share of them, that have to have a term for it to count",
        default: .count(1), allowsNone: false)
    private let strength = VerbParameter<Double>(
        "c", "how much the training texts weigh against small weights; less holds weights down more",
        .above(0, to: 1e9), default: 1
    ).also("C")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "baseline", group: .judge,
            summary: "judges what needs no language model: TF-IDF with logistic regression",
            details: """
                It learns from the training part alone and is judged on the part that evaluate takes, beside the \
                commonest class and the last evaluation there. Terms, weights and regression are scikit-learn's \
                (TfidfVectorizer and LogisticRegression as they come, c=1), taken on until the gradient is below 1e-6. \
                The two texts of a pair are read as one; texts are read whole, whatever max_length says.
                """,
            parameters: parameters,
            examples: [
                CommandExample("baseline", "on the test part", after: "load toy train=200 test=100"),
                CommandExample(
                    "baseline ngrams=2 min_df=2 c=10", "two words in a row count too",
                    after: "load toy train=200 test=100"),
            ], changes: [.results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let engine = context.state.engine
        let data = try engine.requiredData(for: arguments.verb.text)
        guard data.dataset.labels.count > 1 else {
            throw Diagnostic(
                "no-classes", "baseline tells classes apart, and \(data.dataset.name) has none",
                hint: "load data with classes, such as load toy")
        }
        let split = data.part(named: arguments[part].flatMap(Split.init(rawValue:)))
        let baseline: TextBaseline
        do {
            baseline = try TextBaseline(
                of: data.dataset, on: split, settings(arguments), interruption: context.interruption)
        } catch let problem as Diagnostic {
            throw problem.located(
                at: problem.setting.map { arguments.span(of: $0) } ?? arguments.span(of: part))
        }
        for (name, result) in zip(RunName.baselines, [baseline.linear, baseline.commonest]) {
            context.state.engine.evaluations.keep(NamedEvaluation(name, result, of: data.dataset))
        }
        let last = engine.lastEvaluation(on: split).flatMap { last in
            last.metrics.matrix != nil ? last : nil
        }
        let names = [engine.model?.name, engine.method?.shortSummary ?? "untuned"]
        return BaselineReport(
            baseline, last: last, called: names.compactMap(\.self).joined(separator: ", "),
            showsTimes: context.state.settings.showsTimes)
    }

    private func settings(_ arguments: Arguments) -> TextBaseline.Settings {
        TextBaseline.Settings(
            orders: 1...arguments[longest], least: TermWeights.LeastTexts(arguments[least]),
            strength: arguments[strength])
    }
}

extension TermWeights.LeastTexts {
    fileprivate init(_ portion: Portion) {
        switch portion {
        case .count(let count): self = .count(count)
        case .share(let share): self = .share(share)
        }
    }
}
