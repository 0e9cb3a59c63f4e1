import Language
import Learning

/// A key that chooses from a registry, and the keys of what can be chosen: `optimizer=sgd momentum=0.9`.
struct ChosenSettings<Registry: ChoiceRegistry>: ParameterDeclaring, Sendable {
    let chooser: VerbParameter<String>

    init(_ doc: String) {
        let choices = Self.choices.map { Choice($0.name, $0.doc, aliases: $0.aliases) }
        chooser = VerbParameter<String>(
            Registry.noun, doc, .choice(choices), default: Registry.declaration(of: Registry.usual).name)
    }

    private init(_ chooser: VerbParameter<String>) { self.chooser = chooser }

    func also(_ aliases: String...) -> ChosenSettings {
        ChosenSettings(aliases.reduce(chooser) { $0.also($1) })
    }

    private static var choices: [ChoiceDeclaration] { Registry.all.map { Registry.declaration(of: $0) } }

    var declaration: ParameterDeclaration { chooser.declaration }

    /// The keys of all choices; those that several have stand once.
    var parameters: [ParameterDeclaration] {
        ParameterDeclaration.merged(
            Self.choices.map { ($0.name, $0.settings.map { ParameterDeclaration($0) }) },
            by: chooser.declaration.name)
    }

    /// What was chosen, with what was set of it.
    ///
    /// - Throws: `bad-value` for a number that single precision cannot hold.
    func choice(in arguments: Arguments) throws -> Chosen<Registry> {
        let kind = Registry.named(arguments[chooser]) ?? Registry.usual
        return Chosen(kind, try arguments.given(Registry.declaration(of: kind).settings))
    }
}
