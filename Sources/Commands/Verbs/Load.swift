import Datasets
import Diagnostics
import Display
import Language
import Training

/// `load`: on what to tune.
struct LoadCommand: Command {
    private let name = VerbParameter<String?>(
        "name", "a data set, or a path", .name(.dataset, isOpen: true)
    )
    .positional()
    private let path = VerbParameter<String?>(
        "path", "a csv, tsv, json or jsonl file, or a folder", .path(.table))
    private let train = VerbParameter<Portion?>("train", "training examples", allowsNone: false)
        .automatic("what the source has")
    private let validation = VerbParameter<Portion?>(
        "validation", "validation examples", allowsNone: true
    ).also("valid", "dev").automatic("what the source has, else some carved from the rest")
    private let test = VerbParameter<Portion?>("test", "test examples", allowsNone: true)
        .automatic("what the source has, else carved from the rest")
    private let seed = VerbParameter.seed("draws the parts")
    private let text = VerbParameter<String?>(
        "text", "the column with the text", .name(.column, isOpen: true)
    )
    .automatic("found by name and content")
    private let pair = VerbParameter<String?>(
        "pair", "the column with a second text", .name(.column, isOpen: true)
    )
    .automatic("found by name")
    private let label = VerbParameter<String?>(
        "label", "the column with the class, or none, where texts themselves are learned",
        .name(.column, isOpen: true)
    )
    .automatic("found by name and content")
    private let value = VerbParameter<String?>(
        "value", "the column with a number to learn in place of a class", .name(.column, isOpen: true)
    ).otherwise("classes")
    private let answer = VerbParameter<String?>(
        "answer", "the column with the text that is to be written", .name(.column, isOpen: true)
    ).automatic("found by name: output, response, completion, chosen")
    private let rejected = VerbParameter<String?>(
        "rejected", "the column with an answer that is liked less", .name(.column, isOpen: true)
    ).automatic("found by name")
    private let messages = VerbParameter<String?>(
        "messages", "the column with a dialogue, as a list of turns", .name(.column, isOpen: true)
    ).also("conversations").automatic("found by name and content")
    private let balanced = VerbParameter<Bool>(
        "balanced", "cut every class to the size of the smallest", default: false
    )
    .also("balance")
    private let encoding = VerbParameter<String?>(
        "encoding", "how the file stands for letters", .choice(Self.encodings)
    ).automatic("found out, and said when it is not UTF-8")
    private let prompt = VerbParameter<String?>(
        "prompt",
        "how a language model is asked: a template, or a text with {instruction}, {input} and {response}",
        .name(.template, isOpen: true)
    ).also("template", "chat_template").otherwise(
        "a classifier on top of classes, for answers alpaca, for dialogues the model's own")
    private let instruction = VerbParameter<String?>(
        "instruction", "what the prompt asks for, or the column that says it", .text
    ).otherwise("the column of that name, else to choose one of the classes")
    private let scoring = VerbParameter<String>(
        "scoring", "how classes' words are scored that a prompt asks for, each with the end that is learned",
        .choice(WordScoring.choices), default: WordScoring.sum.rawValue)
    private let background = VerbParameter<String?>(
        "context", "a file of passages, the best of which stand before each text", .path(.table)
    ).otherwise("nothing")
    private let passages = VerbParameter<Int?>(
        "passages", "how many of them, at most, by BM25", Passages.range
    ).otherwise("\(Passages.usualCount)")
    private let learned = VerbParameter<String?>(
        "learn", "which part of a request and its answer, or of a dialogue, is learned",
        .choice([
            Choice("assistant", "all that the assistant says, with what ends each turn"),
            Choice("last", "the last that the assistant says"),
            Choice("all", "every token, the request's too"),
        ])
    ).otherwise("assistant")
    private let masking = MaskingParameters()
    private let maxLength = VerbParameter.maxLength(otherwise: "256, with a prompt 512")

    private static let encodings = TextEncoding.all.map { Choice($0.name, $0.summary, aliases: $0.aliases) }

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "load", group: .data,
            summary: "loads texts and what is to be learned of them, in three disjoint parts",
            details: """
                What is learned follows from the columns: classes, a number (value=), answers to instructions, dialogues \
                (messages), which of two answers is liked more (chosen and rejected), or the texts themselves (label=none): \
                a model that writes foretells each word, an encoder fills in words that are masked. \
                What a source lacks is carved from what it has: always the same rows for a seed, and said. With \
                context=FILE the passages of that file (a row's or a paragraph each) that share most with a text stand \
                before it, by BM25 as rank_bm25 has it, in training, evaluation and predict; what does not fit is cut \
                from them first.
                """,
            parameters: parameters,
            examples: [
                CommandExample("load toy train=200 test=100", "made-up sentences, nothing to fetch"),
                CommandExample(
                    "load imdb train=500 test=2000 prompt=alpaca", "film reviews as an instruction",
                    isSelfContained: false),
                CommandExample(
                    "load toy label=none mask=0.2", "sentences themselves, for an encoder to fill masks in"),
                CommandExample(
                    "load path=reviews.csv text=review label=stars", "a table of one's own",
                    isSelfContained: false),
                CommandExample(
                    "load sick path=SICK.txt value=relatedness", "how related two sentences are, as a number",
                    isSelfContained: false),
                CommandExample(
                    "load reddit_tifu path=tifu.jsonl answer=tldr",
                    "stories whose summaries are to be written",
                    isSelfContained: false),
            ], foreign: ForeignSettings.data, changes: [.data, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        guard arguments.isGiven(name) || arguments.isGiven(path) else {
            throw Diagnostic(
                "missing-value", "load needs the name of a data set or path=FILE",
                hint: "there are \(DatasetRegistry.all.map(\.name).joined(separator: ", "))")
        }
        let named = try locating(arguments.span(of: prompt)) {
            try arguments[prompt].map { try TemplateRegistry.named($0) }
        }
        var request = DatasetRequest(
            name: arguments[name] ?? "", path: arguments[path], train: arguments[train].map(Amount.init),
            validation: arguments[validation].map(Amount.init), test: arguments[test].map(Amount.init),
            seed: UInt64(arguments[seed] ?? context.state.settings.seed), textColumn: arguments[text],
            pairColumn: arguments[pair], labelColumn: arguments[label], isBalanced: arguments[balanced])
        guard arguments[passages] == nil || arguments[background] != nil else {
            throw Diagnostic(
                "unused-passages", "passages= is of context=, and no file is named",
                at: arguments.span(of: passages), hint: "leave it out, or name a file with context=FILE")
        }
        (request.context, request.passages) = (arguments[background], arguments[passages])
        (request.valueColumn, request.instruction) = (arguments[value], arguments[instruction])
        (request.answerColumn, request.rejectedColumn) = (arguments[answer], arguments[rejected])
        request.messagesColumn = arguments[messages]
        request.learned = arguments[learned].flatMap(LearnedTurns.init(rawValue:))
        request.encoding = TextEncoding.all.first { $0.name == arguments[encoding] }
        request.masking = try masking.masking(in: arguments)
        let dataset: Dataset
        do {
            dataset = try context.loading { try DatasetRegistry.load(request, in: $0) }
        } catch let problem as Diagnostic {
            throw problem.located(at: place(of: problem, arguments))
        }
        let template = named ?? (dataset.shape.isWritten ? dataset.usualTemplate : nil)
        guard template == nil || ![.texts, .values].contains(dataset.shape) else {
            throw Diagnostic(
                "unused-prompt",
                "prompt= is for what is asked, and here \(dataset.shape == .texts ? "the texts themselves are" : "a number is") learned",
                at: arguments.span(of: prompt), hint: "leave it out")
        }
        guard arguments[background] == nil || !dataset.isOfDialogues else {
            throw Diagnostic(
                "unused-context", "context= stands before a text, and these data are dialogues",
                at: arguments.span(of: background), hint: "leave it out")
        }
        guard arguments[learned] == nil || [.answers, .dialogues].contains(dataset.shape) else {
            throw Diagnostic(
                "unused-learn", "learn= is of answers and dialogues, and these data have none",
                at: arguments.span(of: learned), hint: "leave it out")
        }
        try masking.check(dataset, in: arguments)
        let asked = dataset.roles[.instruction] == nil ? arguments[instruction] : nil
        guard asked == nil || template != nil || dataset.shape.isWritten else {
            throw Diagnostic(
                "unused-instruction", "instruction= is a part of a prompt, and none is asked for",
                at: arguments.span(of: instruction), hint: "write prompt=alpaca beside it, or leave it out")
        }
        let words = WordScoring(rawValue: arguments[scoring]) ?? .sum
        guard !arguments.isGiven(scoring) || template != nil && dataset.labels.count > 1 else {
            throw WordScoring.unused(at: arguments.span(of: scoring))
        }
        context.state.engine.adopt(
            LoadedData(
                dataset: dataset, template: template, instruction: asked, scoring: words, request: request))
        if let length = arguments[maxLength] { context.state.engine.maxLength = length }
        return DatasetSummary(of: context.state.engine)?.table
    }

    private func place(of problem: Diagnostic, _ arguments: Arguments) -> SourceSpan {
        if problem.code == "missing-column" {
            for column in [text, pair, label, value, answer, rejected, messages]
            where arguments[column].map(problem.message.contains) == true {
                return arguments.span(of: column)
            }
        }
        if let file = arguments[background], problem.message.contains(file.forMessages) {
            return arguments.span(of: background)
        }
        return arguments.isGiven(path) ? arguments.span(of: path) : arguments.span(of: name)
    }
}

extension Amount {
    fileprivate init(_ portion: Portion) {
        switch portion {
        case .count(let count): self = .count(count)
        case .share(let share): self = .share(share)
        }
    }
}
