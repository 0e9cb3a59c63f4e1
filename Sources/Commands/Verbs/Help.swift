import Diagnostics
import Display
import Language

/// `help`: the verbs, one of them, or a key.
struct HelpCommand: Command {
    private let word = VerbParameter<String?>(
        "verb", "the verb to explain, or a key of any verb", .name(.verb, isOpen: true)
    )
    .positional()
    private let key = VerbParameter<String?>("key", "the verb's key to explain", .text).positional()
    private let inPager = VerbParameter<Bool>("pager", "show it in the front end's pager", default: false)

    var declaration: CommandDeclaration {
        CommandDeclaration(
            Lexicon.helpVerb, group: .session, summary: "lists the verbs, or explains one or a key",
            details: "A question mark asks too: `train?`, `?train`, `train lr?`.",
            parameters: parameters,
            examples: [
                CommandExample("help", "all verbs by group"),
                CommandExample("help echo", "one verb: its parameters, defaults and examples"),
                CommandExample("help lora r", "one key of a verb"),
                CommandExample("help lr", "the verbs that take a key"),
                CommandExample("help echo pager=yes", "the same in the pager"),
            ])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let page = try page(arguments, in: Help(context.lexicon), of: context.lexicon)
        guard arguments[inPager] else { return page }
        context.output.page(page.mimeBundle())
        return nil
    }

    private func page(
        _ arguments: Arguments, in help: Help, of lexicon: Lexicon
    ) throws -> Documentation {
        guard let text = arguments[word] else {
            guard !arguments.isGiven(key) else {
                throw Diagnostic(
                    "missing-value", "help key= needs the verb whose key it is", at: arguments.span(of: key),
                    hint: "for example: help lora r")
            }
            return help.overview()
        }
        let name = Name(text, at: arguments.span(of: word))
        if let key = arguments[key] {
            let command = try lexicon.command(for: name)
            return try help.explanation(of: Name(key, at: arguments.span(of: self.key)), in: command)
        }
        if let command = lexicon[text] { return help.page(for: command) }
        return try help.explanation(ofKey: name) ?? help.page(for: lexicon.command(for: name))
    }
}
