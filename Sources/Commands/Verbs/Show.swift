import Datasets
import Diagnostics
import Display
import Language
import Training

/// `show`: a few examples, what the model reads of one, or those that it got wrong.
struct ShowCommand: Command {
    private let what = VerbParameter<String>(
        "what", "examples, one of them as the model reads it, or its mistakes",
        .choice([
            Choice("examples", "texts with their classes"), Choice("tokens", "the tokens of the first one"),
            Choice(
                Order.wrong.rawValue, "the texts that the model got wrong, the most certain mistake first"),
            Choice(Order.losses.rawValue, "the texts whose true class it gave the least probability"),
        ]), default: "examples"
    ).positional()
    private let count = VerbParameter<Int>("n", "how many examples", 1...1000, default: 5)
    private let part = VerbParameter<String?>("on", "which part", .choice(splitChoices)).also("split")
        .otherwise("train; for wrong and top_losses that of the last evaluation, else test")
    private let label = VerbParameter<String?>(
        "class", "only those of a class", .name(.label, isOpen: false))

    private typealias Order = MistakesReport.Order

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "show", group: .data, summary: "shows a few examples, or the model's mistakes",
            details: """
                wrong and top_losses are of the last evaluation, and evaluate first where there is none of that part; \
                only then show has the model and the data to itself.
                """,
            parameters: parameters,
            examples: [
                CommandExample("show", "the first five training examples", after: "load toy"),
                CommandExample("show n=3 on=test class=positive", "of one class", after: "load toy"),
                CommandExample(
                    "show tokens", "what the model reads of the first one", after: "model nano\nload toy"),
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
        if let order = Order(rawValue: arguments[what]) {
            return try mistakes(order, wanted, arguments, in: &context)
        }
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
        if arguments[what] == "tokens" { return try tokens(of: examples[0], in: context) }
        return table(examples.prefix(arguments[count]), of: data.dataset)
    }

    /// Of the last evaluation, or of one that is made for it.
    private func mistakes(
        _ order: Order, _ wanted: Split?, _ arguments: Arguments, in context: inout Context
    ) throws -> any Displayable {
        let verb = "\(arguments.verb.text) \(order.rawValue)"
        let result: EvaluationResult
        if let last = context.state.engine.evaluation, wanted == nil || wanted == last.split {
            result = last
        } else {
            result = try locating(arguments.span(of: part)) {
                try EvaluateCommand.evaluate(wanted, maxLength: nil, for: verb, in: &context)
            }
        }
        guard result.metrics.matrix != nil else {
            throw Diagnostic("no-classes", "\(verb) tells classes apart, and these answers are none")
        }
        let dataset = try context.state.engine.requiredData(for: verb).dataset
        let name = arguments[label]
        let asked = result.texts.filter { name == nil || result.matrix.labels[$0.truth] == name }
        let found = order == .wrong ? asked.surestMistakes : asked.byLoss
        let report = MistakesReport(
            order, found, of: result, part: dataset[result.split], shown: arguments[count])
        guard found.isEmpty else { return report }
        let texts = asked.count == 1 ? "the one text" : "all \(asked.count.grouped) texts"
        let ofClass = name.map { " of \($0)" } ?? ""
        return Message(
            asked.isEmpty
                ? "there are no texts\(ofClass) in \(result.title)"
                : "nothing is wrong: \(texts)\(ofClass) in \(result.title) got the right class",
            value: report.value)
    }

    private func table(_ examples: ArraySlice<Example>, of dataset: Dataset) -> Table {
        var columns: [Table.Column] = [.number("row", .ungrouped)]
        if !dataset.labels.isEmpty { columns.append("class") }
        columns.append(Table.Column("text", widthLimit: 90))
        if dataset.pairColumn != nil { columns.append(Table.Column("pair", widthLimit: 90)) }
        var table = Table(columns: columns)
        for example in examples {
            var row: [Table.Cell] = [.integer(example.id)]
            if !dataset.labels.isEmpty { row.append(.text(example.label.map { dataset.labels[$0] } ?? "")) }
            row.append(.text(example.text.clipped(to: 600)))
            if dataset.pairColumn != nil { row.append(.text((example.pair ?? "").clipped(to: 600))) }
            table.add(row)
        }
        return table
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
            for (place, id) in row.ids.enumerated() {
                table.add([
                    .integer(place), .text(tokenizer.token(of: id) ?? ""), .integer(Int(id)),
                    .text(place < row.promptCount ? "" : "yes"),
                ])
            }
        }
        return table
    }
}
