import JSON

/// The words of the language for a syntax highlighter, from the declarations.
package struct WordList: Sendable {
    private let lexicon: Lexicon

    package init(_ lexicon: Lexicon) {
        self.lexicon = lexicon
    }

    package var json: JSON {
        let parameters = lexicon.commands.flatMap(\.parameters)
        return [
            "verbs": list(lexicon.commands.flatMap { [$0.verb] + $0.aliases }),
            "blocks": list(Array(lexicon.blockVerbs)),
            "end": .string(Parser.blockEnd),
            "keys": list(parameters.flatMap { [$0.name] + $0.aliases }),
            "values": list(parameters.flatMap { words(of: $0.type) }),
            "constants": ["true", "false", "yes", "no", "on", "off", "auto", "log"],
        ]
    }

    private func words(of type: ParameterType) -> [String] {
        switch type {
        case .choice(let choices): choices.flatMap { [$0.name] + $0.aliases }
        case .list(let item): words(of: item)
        default: []
        }
    }

    private func list(_ words: [String]) -> JSON {
        .array(Set(words).sorted().map(JSON.string))
    }
}
