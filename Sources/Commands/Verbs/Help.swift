import Display
import Language

/// `help`: the verbs, or one of them.
struct HelpCommand: Command {
    private let verb = Parameter<String?>("verb", "which verb to explain", .name(.verb, isOpen: false))
        .positional()
    private let inPager = Parameter<Bool>("pager", "show it in the front end's pager", default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "help", group: .session, summary: "lists the verbs, or explains one",
            parameters: [verb.declaration, inPager.declaration],
            examples: [
                CommandExample("help", "all verbs by group"),
                CommandExample("help echo", "one verb: its parameters, defaults and examples"),
                CommandExample("help echo pager=yes", "the same in the pager"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let help = Help(context.vocabulary)
        let wanted = arguments[verb].flatMap { context.vocabulary[$0] }
        let page = wanted.map { help.page(for: $0) } ?? help.overview()
        guard arguments[inPager] else { return page }
        context.output.page(page.mimeBundle())
        return nil
    }
}
