/// What a command takes under one name: everything that help, completion and binding need.
package struct ParameterDeclaration: Sendable, Hashable {
    package var name: String
    /// One line, without a final stop.
    package var doc: String
    package var type: ParameterType
    package var defaultValue: Value?
    /// What happens without it where no fixed value stands for that: "as the model has it".
    package var otherwise: String?
    package var unit: String?
    /// Other names that are accepted: the long ones of PEFT and Hugging Face.
    package var aliases: [String] = []
    /// Those of the aliases whose numbers are shares.
    package var shareAliases: [String] = []
    /// What an alias's own tool writes for "not given", by the alias: `max_steps=-1`.
    package var foreignDefaults: [String: String] = [:]
    /// Whether the value may stand without its key, in the order of declaration.
    package var isPositional = false
    package var isRequired = false
    /// Whether it takes all remaining values without a key; its type is a list.
    package var takesRest = false
    /// Whether adjoining bare words are one text: `echo hello, world`.
    package var joinsWords = false
    /// Whether `auto` is accepted for "not given": where the value is found by looking at model or data.
    package var acceptsAuto = false
    /// The choices of another key that have it; nil where it does not depend on one.
    package var owners: ParameterOwners?

    package init(
        _ name: String, _ doc: String, _ type: ParameterType, default value: Value?, otherwise: String? = nil
    ) {
        (self.name, self.doc, self.type) = (name, doc, type)
        (defaultValue, self.otherwise) = (value, otherwise)
    }

    package func answers(to key: String) -> Bool {
        name == key || aliases.contains(key)
    }
}

/// A declaration with the Swift type that its value is read as.
///
///     let rank = VerbParameter<Int>("r", "rank of the update", 1...256, default: 8)
package struct VerbParameter<Wanted: ParameterValue>: Sendable {
    package var declaration: ParameterDeclaration

    private init(
        _ name: String, _ doc: String, _ type: ParameterType, default value: Value?
    ) {
        declaration = ParameterDeclaration(name, doc, type, default: value)
    }
}

extension VerbParameter where Wanted == Int {
    package init(_ name: String, _ doc: String, _ range: ClosedRange<Int>, default value: Int) {
        self.init(name, doc, .integer(range), default: .integer(value))
    }
}

extension VerbParameter where Wanted == Int? {
    package init(_ name: String, _ doc: String, _ range: ClosedRange<Int>) {
        self.init(name, doc, .integer(range), default: nil)
    }

    /// A size: `8GB`.
    package init(bytes name: String, _ doc: String) {
        self.init(name, doc, .bytes, default: nil)
    }
}

extension VerbParameter where Wanted == Double {
    package init(_ name: String, _ doc: String, _ range: NumberRange, default value: Double) {
        self.init(name, doc, .number(range), default: .number(value))
    }
}

extension VerbParameter where Wanted == Double {
    /// Must be given.
    package init(required name: String, _ doc: String, _ range: NumberRange) {
        self.init(name, doc, .number(range), default: nil)
        declaration.isRequired = true
    }
}

extension VerbParameter where Wanted == Double? {
    package init(_ name: String, _ doc: String, _ range: NumberRange) {
        self.init(name, doc, .number(range), default: nil)
    }
}

extension VerbParameter where Wanted == Portion {
    /// - `shares`: aliases whose numbers are shares up to 1 also without a per cent sign (`warmup_ratio`).
    package init(
        _ name: String, _ doc: String, default value: Portion, allowsNone: Bool = true, shares: [String] = []
    ) {
        self.init(name, doc, .portion(allowsNone: allowsNone), default: .portion(value))
        declaration.aliases = shares
        declaration.shareAliases = shares
    }
}

extension VerbParameter where Wanted == Portion? {
    package init(_ name: String, _ doc: String, allowsNone: Bool) {
        self.init(name, doc, .portion(allowsNone: allowsNone), default: nil)
    }
}

extension VerbParameter where Wanted == Bool {
    package init(_ name: String, _ doc: String, default value: Bool) {
        self.init(name, doc, .flag, default: .flag(value))
    }
}

extension VerbParameter where Wanted == Bool? {
    package init(_ name: String, _ doc: String) {
        self.init(name, doc, .flag, default: nil)
    }
}

extension VerbParameter where Wanted == String {
    package init(_ name: String, _ doc: String, _ type: ParameterType, default value: String) {
        self.init(name, doc, type, default: .text(value))
    }

    /// Must be given.
    package init(required name: String, _ doc: String, _ type: ParameterType) {
        self.init(name, doc, type, default: nil)
        declaration.isRequired = true
    }
}

extension VerbParameter where Wanted == String? {
    package init(_ name: String, _ doc: String, _ type: ParameterType) {
        self.init(name, doc, type, default: nil)
    }
}

extension VerbParameter where Wanted == [String] {
    package init(_ name: String, _ doc: String, listOf item: ParameterType, default value: [String]) {
        self.init(name, doc, .list(item), default: .list(value.map { .text($0) }))
    }
}

extension VerbParameter where Wanted == [String]? {
    package init(_ name: String, _ doc: String, listOf item: ParameterType) {
        self.init(name, doc, .list(item), default: nil)
    }
}

extension VerbParameter {
    package func positional() -> VerbParameter { with { $0.isPositional = true } }

    package func required() -> VerbParameter { with { $0.isRequired = true } }

    /// Takes every value without a key from here on.
    package func rest() -> VerbParameter {
        with {
            $0.isPositional = true
            $0.takesRest = true
        }
    }

    /// Takes every value without a key; adjoining bare words make one text, quoted ones stay apart.
    package func sentences() -> VerbParameter {
        with {
            $0.isPositional = true
            $0.takesRest = true
            $0.joinsWords = true
        }
    }

    package func also(_ aliases: String...) -> VerbParameter { with { $0.aliases += aliases } }

    /// Another name, with the value that stands for "not given" where the name comes from, in small letters.
    package func also(_ alias: String, unlessGiven value: String) -> VerbParameter {
        with {
            $0.aliases.append(alias)
            $0.foreignDefaults[alias] = value
        }
    }

    package func unit(_ unit: String) -> VerbParameter { with { $0.unit = unit } }

    /// Says what happens when it is not given.
    package func otherwise(_ text: String) -> VerbParameter { with { $0.otherwise = text } }

    /// Says how the value is found when it is not given, which `auto` asks for too.
    package func automatic(_ text: String) -> VerbParameter {
        with {
            $0.otherwise = text
            $0.acceptsAuto = true
        }
    }

    private func with(_ change: (inout ParameterDeclaration) -> Void) -> VerbParameter {
        var copy = self
        change(&copy.declaration)
        return copy
    }
}
