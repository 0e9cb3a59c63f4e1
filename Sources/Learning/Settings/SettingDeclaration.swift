/// One setting of a method, an optimizer or a schedule, as plain data: the language makes a parameter of it,
/// files of others a key.
package struct SettingDeclaration: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case count(ClosedRange<Int>)
        /// From `from` on, itself excluded where `isOpen`, up to `to`, itself excluded where `isOpenAbove`;
        /// nil has no upper end.
        case number(from: Double, to: Double? = nil, isOpen: Bool = false, isOpenAbove: Bool = false)
        case flag
        case choice([Choice])
        /// Names of layers: `q_proj,v_proj`.
        case layers
        /// Some of the blocks: `last:6`, `0-5`.
        case blocks
        /// Tokens, by number or as the vocabulary has them.
        case tokens
        /// A number for each of some layers: `q:16,v:4`.
        case perLayer
        /// A number for each class, `balanced`, or `spam:6.5,ham:1`, which who knows the classes reads.
        case perClass
        /// A text, or a word in a form of its own, which who reads it checks.
        case text
    }

    /// One of a closed set of words.
    package struct Choice: Sendable, Hashable {
        package let name: String
        package let doc: String
        package let aliases: [String]

        package init(_ name: String, _ doc: String, aliases: [String] = []) {
            (self.name, self.doc, self.aliases) = (name, doc, aliases)
        }
    }

    package let name: String
    /// One line, without a final stop.
    package let doc: String
    package let kind: Kind
    /// Nil where nothing fixed stands for "not given"; `otherwise` then says what happens.
    package let usual: SettingValue?
    package let otherwise: String?
    /// Whether `auto` may be written for "not given": model or data decide.
    package let isAutomatic: Bool
    /// Other names that are accepted: the long ones of PEFT and Hugging Face.
    package let aliases: [String]
    /// What an alias's own tool writes for "not given", by the alias.
    package let foreignDefaults: [String: String]

    package init(
        _ name: String, _ doc: String, _ kind: Kind, usual: SettingValue, aliases: [String] = []
    ) {
        (self.name, self.doc, self.kind, self.usual, self.aliases) = (name, doc, kind, usual, aliases)
        (otherwise, isAutomatic, foreignDefaults) = (nil, false, [:])
    }

    package init(
        _ name: String, _ doc: String, _ kind: Kind, otherwise: String, isAutomatic: Bool = false,
        aliases: [String] = [], foreignDefaults: [String: String] = [:]
    ) {
        (self.name, self.doc, self.kind, self.otherwise, self.aliases) = (name, doc, kind, otherwise, aliases)
        (usual, self.isAutomatic, self.foreignDefaults) = (nil, isAutomatic, foreignDefaults)
    }
}

extension SettingDeclaration {
    /// Whether a value is of the declared kind and within its limits.
    package func accepts(_ value: SettingValue) -> Bool {
        switch (kind, value) {
        case (.count(let range), .count(let count)): range.contains(count)
        case (.number(let low, let high, let isOpen, let isOpenAbove), .number(let number)):
            number.isFinite && (isOpen ? number > low : number >= low)
                && (isOpenAbove ? number < high ?? .infinity : number <= high ?? .infinity)
        case (.choice(let choices), .word(let word)): choices.contains { $0.name == word }
        case (.flag, .flag), (.layers, .names), (.blocks, .names), (.blocks, .word), (.perLayer, .names),
            (.perClass, .names), (.tokens, .names),
            (.text, .word):
            true
        default: false
        }
    }
}

/// The value of a setting.
package enum SettingValue: Sendable, Hashable, Codable {
    case count(Int)
    case number(Double)
    case flag(Bool)
    /// A word of a choice, or a text.
    case word(String)
    case names([String])
}

/// The settings that somebody chose, by name; the declaration's own hold where none was.
///
/// Two are equal where the same was chosen.
package struct SettingValues: Sendable, Hashable {
    package let declarations: [SettingDeclaration]
    private let given: [String: SettingValue]

    /// - `given`: of declared names, each of its declaration's kind.
    package init(_ declarations: [SettingDeclaration], _ given: [String: SettingValue] = [:]) {
        if let stranger = given.keys.first(where: { key in !declarations.contains { $0.name == key } }) {
            preconditionFailure("there is no setting \(stranger)")
        }
        (self.declarations, self.given) = (declarations, given)
    }

    package func isGiven(_ name: String) -> Bool { given[name] != nil }

    /// What was chosen and is not as usual, in the order of declaration.
    package var changes: [(name: String, value: SettingValue)] {
        declarations.compactMap { declaration in
            guard let value = given[declaration.name], value != declaration.usual else { return nil }
            return (declaration.name, value)
        }
    }

    /// What was chosen or is usual; nil where nothing stands for "not given".
    package subscript(name: String) -> SettingValue? {
        given[name] ?? declarations.first { $0.name == name }?.usual
    }

    package func count(_ name: String) -> Int? {
        if case .count(let count) = self[name] { count } else { nil }
    }

    package func number(_ name: String) -> Double? {
        switch self[name] {
        case .number(let number): number
        case .count(let count): Double(count)
        default: nil
        }
    }

    /// A number that is given or has a usual value.
    package func double(_ name: String) -> Double {
        guard let number = number(name) else { preconditionFailure("\(name) has no number") }
        return number
    }

    /// The same in the precision that training computes with.
    package func single(_ name: String) -> Float { Float(double(name)) }

    /// False where nothing was said.
    package func flag(_ name: String) -> Bool { self[name] == .flag(true) }

    package func word(_ name: String) -> String? {
        if case .word(let word) = self[name] { word } else { nil }
    }

    package func names(_ name: String) -> [String]? {
        if case .names(let names) = self[name] { names } else { nil }
    }
}
