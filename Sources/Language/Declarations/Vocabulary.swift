import Diagnostics

/// Every verb of the language, with the names that only the session knows.
package struct Vocabulary: Sendable {
    package let commands: [CommandDeclaration]
    private let index: [String: Int]

    package init(_ commands: [CommandDeclaration]) {
        self.commands = commands
        var index: [String: Int] = [:]
        for (position, command) in commands.enumerated() {
            for name in [command.verb] + command.aliases {
                precondition(index[name] == nil, "two commands answer to \(name)")
                index[name] = position
            }
        }
        self.index = index
    }

    package subscript(verb: String) -> CommandDeclaration? {
        index[verb].map { commands[$0] }
    }

    package var verbs: [String] { commands.map(\.verb) }

    package var blockVerbs: Set<String> {
        Parser.defaultBlockVerbs.union(commands.filter(\.isBlock).map(\.verb))
    }

    /// The groups in the order in which their first verbs were declared.
    package var groups: [CommandGroup] {
        commands.reduce(into: []) { groups, command in
            if !groups.contains(command.group) { groups.append(command.group) }
        }
    }

    package func parse(_ source: String) -> Script {
        Parser.parse(source, blockVerbs: blockVerbs)
    }

    /// - Throws: `unknown-verb` with the nearest one.
    package func command(for verb: Name) throws -> CommandDeclaration {
        if let command = self[verb.text] { return command }
        throw Diagnostic(
            "unknown-verb", "there is no verb \(verb.text)", at: verb.span,
            hint: closestName(to: verb.text, among: verbs + commands.flatMap(\.aliases))
                .map { "did you mean \($0)?" } ?? "help lists the verbs")
    }
}

/// Looks up the names that only the session knows; the prefix helps with paths.
package typealias CandidateLookup = @Sendable (ValueSource, _ prefix: String) -> [Candidate]
