import Datasets
import Diagnostics
import Display
import Interchange
import Language
import Training

/// `judge`: has a model, or a program, rate what was written.
struct JudgeCommand: Command {
    private let of = VerbParameter<[String]>(
        "of", "an evaluation whose answers were written, or two that are held against each other",
        listOf: .name(.evaluation, isOpen: true), default: []
    ).positional().otherwise("the last one")
    private let model = VerbParameter<String?>(
        "with", "a language model that judges", .name(.model, isOpen: true)
    ).otherwise("command= judges")
    private let command = VerbParameter<String?>(
        "command",
        "a program that judges: it reads a line of JSON for each answer and writes a number a line",
        .text
    ).otherwise("with= judges")
    private let way = VerbParameter<String>(
        "by", "what is made of the model's replies",
        .choice(ModelJudge.Way.allCases.map { Choice($0.rawValue, $0.summary) }),
        default: ModelJudge.Way.expected.rawValue)
    private let prompt = VerbParameter<String?>(
        "prompt", "the template that asks the model",
        .choice(TemplateRegistry.all.map { Choice($0.name, $0.summary) })
    ).also("template").otherwise("the model's own, where its files have one; else alpaca")
    private let count = VerbParameter<Int?>("n", "so many answers, the first ones", 1...1_000_000)
        .otherwise("all")
    private let seed = VerbParameter.seed("draws intervals, and the random weights of nano models")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "judge", group: .judge,
            summary: "has a language model or a program rate answers, from 0 to 100",
            details: """
                evaluate metrics= keeps what a model wrote under a name; judge of=NAME has each answer rated by a fixed \
                rubric: whether it is correct, complete, to the point and clearly written. A language model that judges \
                is not asked to write, unless by=written says so: its rating is the mean of 0, 10, … 100, each weighted by \
                how probable that reply is. With by=written a reply that is no number is dropped and counted.

                judge of=a,b asks which of two answers to the same request is better, in both orders, since models prefer a \
                place too. A verdict counts where both orders agree; how often they do is said, and how often the answer \
                that stood first was preferred. Intervals of means are a bootstrap's over the answers, of shares Wilson's.

                command= starts a program, without a shell. It reads a line of JSON for each answer on its standard input, \
                {"source": the request, "hypothesis": the answer, "references": [what was known]}, and writes a line with a \
                number from 0 to 100 for each, or null where it can say nothing. Of two answers a line has the second one \
                as "other", and the number says which is better: above 50 the hypothesis, below it the other.

                with= and command= together are two judges: their correlation, or how often they have one verdict, is said.
                """,
            parameters: parameters,
            examples: [
                CommandExample(
                    "judge of=tuned with=smollm2", "what a model wrote, by another", isSelfContained: false),
                CommandExample(
                    "judge of=base,tuned with=smollm2", "before and after a training, in both orders",
                    isSelfContained: false),
                CommandExample(
                    "judge of=tuned with=smollm2 command='python3 judge.py'",
                    "two judges, and how far they agree", isSelfContained: false),
            ], isLong: true, uses: [.model])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let evaluations = try evaluations(arguments, in: context)
        let answers = try answers(of: evaluations, arguments)
        let judges = try judges(arguments, in: context)
        let seed = UInt64(arguments[seed] ?? context.state.settings.seed)
        let place = evaluations[0].place
        let names = evaluations.map(\.name)
        if evaluations.count == 1 {
            let ratings = try judges.map { chosen in
                Ratings(by: chosen.judge.name, try rated(answers, by: chosen, arguments, in: context))
            }
            return try JudgeReport(
                ratings, of: names[0], place: place, answers, notes: judges.compactMap(\.note), seed: seed,
                interruption: context.interruption)
        }
        let swapped = answers.map { answer in
            JudgedAnswer(
                answer.other ?? "", references: answer.references, source: answer.source,
                other: answer.hypothesis)
        }
        let verdicts = try judges.map { chosen in
            let both = try rated(answers + swapped, by: chosen, arguments, in: context)
            return Verdicts(
                by: chosen.judge.name, given: Array(both[..<answers.count]),
                swapped: Array(both[answers.count...]))
        }
        return try VerdictReport(
            verdicts, of: names, place: place, notes: judges.compactMap(\.note), seed: seed,
            interruption: context.interruption)
    }

    // MARK: - What is judged

    /// One or two, of the same texts, whose answers were written.
    private func evaluations(_ arguments: Arguments, in context: Context) throws -> [NamedEvaluation] {
        let all = context.state.engine.evaluations.filter { !$0.result.written.isEmpty }
        guard let last = all.last else {
            throw Diagnostic(
                "no-answers", "no evaluation of this session has had a model write answers",
                at: arguments.verb.span, hint: "write evaluate metrics=chrf as=tuned before it")
        }
        let names = arguments[of].map(RunName.whole)
        guard !names.isEmpty else { return [last] }
        return try locating(arguments.span(of: of)) {
            guard names.count < 3 else {
                throw Diagnostic(
                    "bad-value", "of= names one evaluation, or two that are held against each other",
                    hint: "write of=NAME, or of=FIRST,SECOND")
            }
            try CompareCommand.known(names, among: context.state.engine.evaluations)
            let found = try names.map { name in
                guard let found = all.last(where: { $0.name == name }) else {
                    throw Diagnostic(
                        "no-answers", "in the evaluation of \(name.forMessages) nothing was written",
                        hint: "write evaluate metrics=chrf as=\(name.forMessages) before it")
                }
                return found
            }
            if names.count > 1, let both = all.last(of: names) { return both }
            guard found.count == 1 else {
                throw Diagnostic(
                    "other-texts",
                    "\(names[0].forMessages) and \(names[1].forMessages) have answered different requests",
                    hint: "evaluate both on the same part")
            }
            return found
        }
    }

    /// The first evaluation's answers; beside those of the second, where there is one.
    private func answers(of evaluations: [NamedEvaluation], _ arguments: Arguments) throws -> [JudgedAnswer] {
        let others = evaluations.dropFirst().first.map { other in
            Dictionary(
                other.result.written.map { ($0.index, $0.text) }, uniquingKeysWith: { first, _ in first })
        }
        let answers = evaluations[0].result.written.compactMap { written -> JudgedAnswer? in
            let other = others.map { $0[written.index] }
            // Of two evaluations both have answered.
            guard other != .some(nil) else { return nil }
            return JudgedAnswer(
                written.text, references: [written.reference], source: written.request,
                other: other.flatMap { $0 })
        }
        guard !answers.isEmpty else {
            throw Diagnostic(
                "other-texts", "the two evaluations have answered no request both",
                at: arguments.span(of: of), hint: "evaluate both on the same part")
        }
        return Array(answers.prefix(arguments[count] ?? answers.count))
    }

    // MARK: - Who judges

    private struct Chosen {
        let judge: any AnswerJudge
        /// Where in the cell it was chosen.
        let span: SourceSpan
        var note: String?
    }

    /// A language model, a program, or both.
    private func judges(_ arguments: Arguments, in context: Context) throws -> [Chosen] {
        var judges: [Chosen] = []
        if let name = arguments[model] {
            judges.append(try languageModel(named: name, arguments, in: context))
        } else {
            for (key, isGiven) in [
                (way.declaration.name, arguments.isGiven(way)),
                (prompt.declaration.name, arguments.isGiven(prompt)),
            ] where isGiven {
                throw Diagnostic(
                    "unused-key", "\(key)= is of a language model that judges, and none does",
                    at: arguments.span(of: key), hint: "write with=smollm2 beside it, or leave it out")
            }
        }
        if let text = arguments[command] {
            let words = commandWords(text)
            guard let program = words.first else {
                throw Diagnostic(
                    "missing-value", "command= names no program", at: arguments.span(of: command),
                    hint: "write command='python3 judge.py'")
            }
            let name = program.split(separator: "/").last.map(String.init) ?? program
            judges.append(Chosen(judge: OutsideJudge(words, name: name), span: arguments.span(of: command)))
        }
        guard !judges.isEmpty else {
            throw Diagnostic(
                "missing-value", "judge needs a language model or a program that judges",
                at: arguments.verb.span, hint: "write with=smollm2, or command='python3 judge.py'")
        }
        return judges
    }

    private func languageModel(
        named name: String, _ arguments: Arguments, in context: Context
    ) throws -> Chosen {
        let span = arguments.span(of: model)
        let loaded = try locating(span) {
            let seed = UInt64(arguments[seed] ?? context.state.settings.seed)
            let request = ModelRequest(name: name, precision: nil, pooling: nil, seed: seed)
            return try context.loading { try ModelCatalog.load(request, in: $0) }
        }
        let way = ModelJudge.Way(rawValue: arguments[way]) ?? .expected
        let judge = try locating(arguments.isGiven(prompt) ? arguments.span(of: prompt) : span) {
            try ModelJudge(
                loaded, template: arguments[prompt].map { try TemplateRegistry.named($0) }, by: way,
                workers: context.workers)
        }
        return Chosen(
            judge: judge, span: span,
            note: "\(judge.name) is asked by the prompt \(judge.template.name); its rating is \(way.summary)")
    }

    private func rated(
        _ answers: [JudgedAnswer], by chosen: Chosen, _ arguments: Arguments, in context: Context
    ) throws -> [Double?] {
        let progress = Progress(arguments.verb.text, total: answers.count, unit: "answer", in: context)
        do {
            let ratings = try locating(chosen.span) {
                try chosen.judge.ratings(of: answers, interruption: context.interruption) {
                    progress.note(done: $0, total: answers.count)
                }
            }
            progress.finishIfShown(.finished)
            return ratings
        } catch {
            progress.finishIfShown(.stopped)
            throw error
        }
    }
}
