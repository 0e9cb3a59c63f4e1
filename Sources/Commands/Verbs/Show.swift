import Datasets
import Diagnostics
import Display
import Language
import Training

/// `show`: a few examples, what the model reads of one, or those that it got wrong or right.
struct ShowCommand: Command {
    private let what = VerbParameter<String>(
        "what", "examples, one of them as the model reads it, or its mistakes",
        .choice([
            Choice("examples", "texts with what is to be said of them"),
            Choice(
                "prompt", "the first one as the model reads it: what is read, what is learned, what is cut"),
            Choice("batch", "the first batch of the next run, in its order, as the model reads it"),
            Choice("tokens", "the tokens of the first one, by number"),
            Choice(
                Order.wrong.rawValue,
                "what the model got wrong, the most certain, the worst or the largest mistake first"),
            Choice(
                Order.losses.rawValue,
                "the texts whose true class or answer it gave the least probability, or with the largest errors"
            ),
            Choice(
                Order.best.rawValue, "what it got right, the most certain, the best or the nearest first"),
        ]), default: "examples"
    ).positional()
    private let count = VerbParameter<Int?>("n", "how many examples", 1...1000)
        .otherwise("5; of a batch as many as train takes")
    private let part = VerbParameter<String?>("on", "which part", .choice(splitChoices)).also("split")
        .otherwise("train; for wrong, top_losses and best that of the last evaluation, else test")
    private let label = VerbParameter<String?>(
        "class", "only those of a class", .name(.label, isOpen: false))
    private let shots = ShotParameters()

    private typealias Order = MistakesReport.Order

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "show", group: .data, summary: "shows a few examples, or the model's mistakes",
            details: """
                wrong, top_losses and best are of the last evaluation, and evaluate first where there is none of that part; \
                only then show has the model and the data to itself. Answers that were written (evaluate metrics=…) are \
                in the order of the first figure, pairs of answers in that of their margins.
                """,
            parameters: parameters,
            examples: [
                CommandExample("show", "the first five training examples", after: "load toy"),
                CommandExample("show n=3 on=test class=positive", "of one class", after: "load toy"),
                CommandExample(
                    "show tokens", "what the model reads of the first one", after: "model nano\nload toy"),
                CommandExample(
                    "show prompt", "what is read of it, and what is learned",
                    after: "model nano-llama\nload toy prompt=alpaca"),
                CommandExample(
                    "show prompt shots=2 on=test", "with the examples that evaluate shots=2 puts before it",
                    after: "model nano-llama\nload toy train=40 test=20 prompt=plain"),
                CommandExample(
                    "show batch n=4", "the first four texts that train will learn from",
                    after: "model nano\nload toy"),
                CommandExample(
                    "show wrong n=3", "the most certain mistakes",
                    after: CommandExample.tuned + "\nevaluate"),
            ], isLong: true, uses: [.data], changes: [.model, .results])
    }

    /// What only looks works from a copy.
    func touched(by arguments: Arguments) -> Set<Resource>? {
        Order(rawValue: arguments[what]) == nil ? [] : nil
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let data = try context.state.engine.requiredData(for: arguments.verb.text)
        let wanted = arguments[part].flatMap(Split.init(rawValue:))
        if arguments[what] != "prompt", let place = shots.given(in: arguments) {
            throw Diagnostic(
                "unused-key", "examples before a text stand in the prompt, and \(arguments[what]) shows none",
                at: place, hint: "write show prompt shots=4, or leave it out")
        }
        if let order = Order(rawValue: arguments[what]) {
            return try mistakes(order, wanted, arguments, in: &context)
        }
        if arguments[what] == "batch" { return try batch(arguments, in: context) }
        let split = wanted ?? .train
        var examples = data.dataset[split]
        if let wanted = arguments[label] {
            examples.removeAll { $0.label.map { data.dataset.labels[$0] } != wanted }
        }
        guard !examples.isEmpty else {
            throw Diagnostic(
                "no-examples", "there are no such examples in the \(split.rawValue) part",
                at: arguments.span(of: part), hint: "describe shows what there is")
        }
        switch arguments[what] {
        case "tokens": return try tokens(of: examples[0], in: context)
        case "prompt":
            // Of another part than that they come from, they are those of an evaluation.
            let judged = split == .train ? [examples[0]] : data.dataset[split]
            return try prompt(of: examples[0], split, before: judged, arguments, in: context)
        default: return ExamplesTable(examples.prefix(arguments[count] ?? 5), of: data.dataset).table
        }
    }

    /// Of the last evaluation, or of one that is made for it.
    private func mistakes(
        _ order: Order, _ wanted: Split?, _ arguments: Arguments, in context: inout Context
    ) throws -> any Displayable {
        let verb = "\(arguments.verb.text) \(order.rawValue)"
        let result: EvaluationResult
        if let last = context.state.engine.lastEvaluation(on: wanted) {
            result = last
        } else {
            result = try locating(arguments.span(of: part)) {
                try EvaluateCommand.evaluate(wanted, maxLength: nil, for: verb, in: &context)
            }
        }
        let engine = context.state.engine
        let dataset = try engine.evaluatedData ?? engine.requiredData(for: verb).dataset
        guard result.metrics.matrix != nil else {
            guard !arguments.isGiven(label) else {
                throw Diagnostic(
                    "unused-key", "class= chooses among classes, and these answers are none",
                    at: arguments.span(of: label), hint: "leave it out")
            }
            guard result.values.isEmpty else {
                return ErrorsReport(
                    order, of: result, part: dataset[result.split], shown: arguments[count] ?? 5)
            }
            return try RankedTextsReport(order, result, of: dataset, shown: arguments[count] ?? 5)
        }
        let name = arguments[label]
        let asked = result.texts.filter { name == nil || result.matrix.labels[$0.truth] == name }
        let found = order.sorted(asked)
        let report = MistakesReport(
            order, found, of: result, part: dataset[result.split], shown: arguments[count] ?? 5)
        guard found.isEmpty else { return report }
        let texts = asked.count == 1 ? "the one text" : "all \(asked.count.grouped) texts"
        let (none, every) = order == .best ? ("right", "a wrong class") : ("wrong", "the right class")
        let ofClass = name.map { " of \($0)" } ?? ""
        return Message(
            asked.isEmpty
                ? "there are no texts\(ofClass) in \(result.title)"
                : "nothing is \(none): \(texts)\(ofClass) in \(result.title) got \(every)",
            value: report.value)
    }

    /// An example as the model reads it.
    private func prompt(
        of example: Example, _ split: Split, before judged: [Example], _ arguments: Arguments,
        in context: Context
    ) throws -> any Displayable {
        let engine = context.state.engine
        let loaded = try engine.requiredModel(for: "show prompt")
        let (task, use) = try shots.applied(
            to: engine.readingTask(for: "show prompt"), before: judged, arguments, in: context)
        let encoded = try task.encoder.encode(example, nil)
        return ReadingReport(
            title: "As \(loaded.name) reads it",
            facts: ["\(split.rawValue), row \(example.id)", task.summary],
            rows: encoded.rows.map {
                ReadRow(example, encoded, row: $0, task: task, tokenizer: loaded.tokenizer)
            }, notes: remarks(on: [encoded], task) + (use?.notes ?? []) + task.remarks, mostTokens: 2000,
            mostLines: 40)
    }

    /// The first batch of the next run.
    private func batch(_ arguments: Arguments, in context: Context) throws -> any Displayable {
        for parameter in [part, label] where arguments.isGiven(parameter) {
            throw Diagnostic(
                "unused-key",
                "\(parameter.declaration.name)= chooses among examples, and a batch is what train takes",
                at: arguments.span(of: parameter), hint: "leave it out")
        }
        var engine = context.state.engine
        let loaded = try engine.requiredModel(for: "show batch")
        let seed = UInt64(context.state.settings.seed)
        let task = try engine.preparedTask(for: "show batch", maxLength: nil, seed: seed)
        var settings = TrainerSettings()
        settings.seed = seed
        if let count = arguments[count] { settings.batch = max(count, task.leastBatch) }
        let prepared = try PreparedRun(
            engine.runInputs(task, engine.preparedMethod(seed: seed), headSeed: seed, sets: []),
            settings: settings,
            plan: RunPlan(name: "", isNamed: false, states: StatePlan(seconds: nil), place: nil),
            workers: context.workers, interruption: context.interruption, now: context.surroundings.now)
        let batch = prepared.nextBatch
        return ReadingReport(
            title: "The next run's first batch",
            facts: ["\(counted(batch.count, "example"))", "seed \(seed)", task.summary],
            rows: batch.flatMap { example, encoded in
                encoded.rows.map {
                    ReadRow(example, encoded, row: $0, task: task, tokenizer: loaded.tokenizer)
                }
            }, notes: remarks(on: batch.map(\.encoded), task) + task.remarks, mostTokens: 400, mostLines: 5)
    }

    private func remarks(on encoded: [EncodedExample], _ task: any LearningTask) -> [String] {
        let cut = encoded.reduce(0) { $0 + $1.cut }
        return cut > 0
            ? [
                "\(counted(cut, "more token")) \(cut == 1 ? "does" : "do") not fit into max_length=\(task.maxLength)"
            ] : []
    }

    private func tokens(of example: Example, in context: Context) throws -> any Displayable {
        let engine = context.state.engine
        let tokenizer = try engine.requiredModel(for: "show tokens").tokenizer
        let task = try engine.readingTask(for: "show tokens")
        let encoded = try task.encoder.encode(example, nil)
        var table = Table(
            columns: [.number("place", .ungrouped), "token", .number("id", .ungrouped), "learned"],
            notes: (encoded.cut > 0
                ? [
                    "\(counted(encoded.cut, "more token")) \(encoded.cut == 1 ? "is" : "are") cut off by max_length=\(task.maxLength)"
                ] : [])
                + (encoded.doubled > 0
                    ? [DoubledSpecials.remark(1, of: 1, tokenizer.writtenSpecials)] : []))
        for row in encoded.rows {
            let filled = task.fillsMasks ? Set(row.learned.map(\.place)) : nil
            for (place, id) in row.ids.enumerated() {
                let isLearned = filled?.contains(place) ?? (place >= row.promptCount)
                table.add([
                    .integer(place), .text(tokenizer.token(of: id) ?? ""), .integer(Int(id)),
                    .text(isLearned ? "yes" : ""),
                ])
            }
        }
        return table
    }
}
