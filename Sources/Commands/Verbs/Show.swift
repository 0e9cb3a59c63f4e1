import Datasets
import Diagnostics
import Display
import Language
import Training

/// `show`: a few examples, or what the model reads of one.
struct ShowCommand: Command {
    private let what = VerbParameter<String>(
        "what", "examples, or one of them as the model reads it",
        .choice([
            Choice("examples", "texts with their classes"), Choice("tokens", "the tokens of the first one"),
        ]), default: "examples"
    ).positional()
    private let count = VerbParameter<Int>("n", "how many examples", 1...1000, default: 5)
    private let part = VerbParameter<String>("on", "which part", .choice(splitChoices), default: "train")
        .also("split")
    private let label = VerbParameter<String?>(
        "class", "only those of a class", .name(.label, isOpen: false))

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "show", group: .data, summary: "shows a few examples",
            parameters: parameters,
            examples: [
                CommandExample("show", "the first five training examples", after: "load toy"),
                CommandExample("show n=3 on=test class=positive", "of one class", after: "load toy"),
                CommandExample(
                    "show tokens", "what the model reads of the first one", after: "model nano\nload toy"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let data = try context.state.engine.requiredData(for: arguments.verb.text)
        let split = Split(rawValue: arguments[part]) ?? .train
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
            notes: encoded.cut > 0
                ? ["\(encoded.cut) more tokens are cut off by max_length=\(task.maxLength)"] : [])
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
