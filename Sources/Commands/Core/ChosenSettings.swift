import Language
import Learning

/// A key that chooses from a registry, and the keys of what can be chosen: `optimizer=sgd momentum=0.9`.
struct ChosenSettings: ParameterDeclaring, Sendable {
    let chooser: VerbParameter<String>
    private let choices: [ChoiceDeclaration]

    /// - `usual`: the choice where none is made.
    init(_ name: String, _ doc: String, among choices: [ChoiceDeclaration], usual: ChoiceDeclaration) {
        self.choices = choices
        chooser = VerbParameter<String>(
            name, doc, .choice(choices.map { Choice($0.name, $0.doc, aliases: $0.aliases) }),
            default: usual.name)
    }

    private init(_ chooser: VerbParameter<String>, _ choices: [ChoiceDeclaration]) {
        (self.chooser, self.choices) = (chooser, choices)
    }

    func also(_ aliases: String...) -> ChosenSettings {
        ChosenSettings(aliases.reduce(chooser) { $0.also($1) }, choices)
    }

    var declaration: ParameterDeclaration { chooser.declaration }

    /// The keys of all choices; those that several have stand once.
    var parameters: [ParameterDeclaration] {
        ParameterDeclaration.merged(
            choices.map { ($0.name, $0.settings.map { ParameterDeclaration($0) }) },
            by: chooser.declaration.name)
    }

    /// What was set of the one that was chosen.
    func given(in arguments: Arguments) throws -> [String: SettingValue] {
        let name = arguments[chooser]
        return try arguments.given(choices.first { $0.name == name }?.settings ?? [])
    }
}
