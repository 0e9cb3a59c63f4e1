import Display
import Language

/// `table`: figures in rows.
struct TableCommand: Command {
    private let what = VerbParameter<String>(
        "what", "which figures", .choice(TableRegistry.all.map { Choice($0.name, $0.summary) }),
        default: "classes"
    ).positional()
    private let to = VerbParameter<String?>(
        "to", "also write it to FILE.csv, .md, .tex or .html", .path(.file(DisplayFile.endingsOfTables)))

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "table", group: .look, summary: "shows figures in rows", parameters: parameters,
            examples: [
                CommandExample(
                    "table classes", "precision, recall and F1 of each class",
                    after: CommandExample.tuned + "\nevaluate"),
                CommandExample(
                    "table epochs", "losses by epoch",
                    after: CommandExample.tuned),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let wanted = TableRegistry.all.first { $0.name == arguments[what] }
        let table = try locating(arguments.span(of: what)) {
            try wanted?.make(context.state.engine, context.state.settings.showsTimes)
        }
        if let table, let path = arguments[to] {
            try locating(arguments.span(of: to)) { try DisplayFile.write(table, to: path) }
            context.display(Message("the table is written to \(path.forMessages)"))
        }
        return table
    }
}
