/// A verb as data: what help, completion, inspection, binding and the reference read.
package struct CommandDeclaration: Sendable, Hashable {
    package var verb: String
    package var aliases: [String]
    package var group: CommandGroup
    /// One line, without a final stop.
    package var summary: String
    /// More, in Markdown paragraphs; may be empty.
    package var details: String
    package var parameters: [ParameterDeclaration]
    package var examples: [CommandExample]
    /// Other tools' keys that are explained instead of taken.
    package var foreign: [ForeignKey]
    /// Whether lines up to `end` belong to it.
    package var isBlock: Bool
    /// Whether it may run for minutes: the rest of the cell is then checked first.
    package var isLong: Bool
    /// What must stay as it is while it runs. What only looks works from a copy and names nothing.
    package var uses: Set<Resource>
    /// What it may leave changed.
    package var changes: Set<Resource>
    /// Both.
    package var touches: Set<Resource> { uses.union(changes) }

    package init(
        _ verb: String, aliases: [String] = [], group: CommandGroup, summary: String, details: String = "",
        parameters: [ParameterDeclaration] = [], examples: [CommandExample],
        foreign: [ForeignKey] = [], isBlock: Bool = false, isLong: Bool = false, uses: Set<Resource> = [],
        changes: Set<Resource> = []
    ) {
        self.verb = verb
        self.aliases = aliases
        self.group = group
        self.summary = summary
        self.details = details
        self.parameters = parameters
        self.examples = examples
        self.foreign = foreign
        self.isBlock = isBlock
        self.isLong = isLong
        self.uses = uses
        self.changes = changes
    }

    package func parameter(named key: String) -> ParameterDeclaration? {
        parameters.first { $0.answers(to: key) }
    }

    func foreignKey(named key: String) -> ForeignKey? {
        parameter(named: key) == nil ? foreign.first { $0.name == key } : nil
    }

    /// Whether a key means something, be it a parameter or another tool's setting.
    func knows(_ key: String) -> Bool { parameter(named: key) != nil || foreignKey(named: key) != nil }

    package var positional: [ParameterDeclaration] { parameters.filter(\.isPositional) }

    /// What it has to itself while it runs, in the order in which sentences name it: `the model and the data`.
    package var exclusive: [Resource] {
        touches.filter(\.isExclusive).sorted { $0.name > $1.name }
    }

    /// `lora r=… alpha=… targets=…`, required ones in angle brackets; a block with its `end`.
    package var usage: String {
        let parts = parameters.map { parameter -> String in
            if parameter.isPositional {
                let name = parameter.takesRest ? "\(parameter.name) …" : parameter.name
                return parameter.isRequired ? "<\(name)>" : "[\(name)]"
            }
            return parameter.isRequired ? "\(parameter.name)=…" : "[\(parameter.name)=…]"
        }
        return ([verb] + parts).joined(separator: " ") + (isBlock ? "\n  …\n\(Parser.blockEnd)" : "")
    }
}

/// A line or a few that show a verb at work; a test runs every one of them.
package struct CommandExample: Sendable, Hashable {
    package var code: String
    package var doc: String
    /// What must have run before: lines of the same language.
    package var after: String
    /// Whether it runs anywhere: without downloads, waiting or a person.
    package var isSelfContained: Bool

    package init(_ code: String, _ doc: String, after: String = "", isSelfContained: Bool = true) {
        self.code = code
        self.doc = doc
        self.after = after
        self.isSelfContained = isSelfContained
    }
}

/// A heading under which help lists verbs.
package struct CommandGroup: Sendable, Hashable {
    package var name: String
    package var summary: String

    package init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}
