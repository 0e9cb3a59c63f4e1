import Display

/// Help pages, all from the declarations.
package struct Help: Sendable {
    private let lexicon: Lexicon

    package init(_ lexicon: Lexicon) {
        self.lexicon = lexicon
    }

    // MARK: - All verbs

    package func overview() -> Documentation {
        let width = (lexicon.verbs.map(\.count).max() ?? 0) + 2
        // One table, so that all verbs stand in one column.
        var rows = ["| verb | what it does |", "|:---|:---|"]
        var plain: [String] = []
        for group in lexicon.groups {
            let commands = lexicon.commands.filter { $0.group == group }
            rows.append("| **\(group.name)** | **\(group.summary.markdownEscaped)** |")
            rows += commands.map { "| `\($0.verb)` | \($0.summary.markdownEscaped) |" }
            plain.append(
                (["\(group.name): \(group.summary)"]
                    + commands.map { "  \($0.verb.padded(to: width))\($0.summary)" }).joined(separator: "\n"))
        }
        let more =
            "`help train` explains one verb, `help train lr` a key of it; Tab completes verbs, keys and values; Shift-Tab explains a word."
        return Documentation(
            markdown: [rows.joined(separator: "\n"), more].joined(separator: "\n\n"),
            plain: (plain + [more.replacing("`", with: "")]).joined(separator: "\n\n"))
    }

    // MARK: - One verb

    /// Everything about a verb.
    package func page(for command: CommandDeclaration) -> Documentation {
        var markdown = ["**\(command.verb)**: \(command.summary)", "```\n\(command.usage)\n```"]
        var plain = [
            "\(command.verb): \(command.summary)", "  " + command.usage.replacing("\n", with: "\n  "),
        ]
        if !command.aliases.isEmpty {
            let names = command.aliases.joined(separator: ", ")
            markdown.append("Also: `\(names)`")
            plain.append("Also: \(names)")
        }
        if !command.details.isEmpty {
            markdown.append(command.details)
            plain.append(command.details)
        }
        if let company = company(of: command) {
            markdown.append(company)
            plain.append(company)
        }
        if !command.parameters.isEmpty {
            markdown.append(table(of: command.parameters))
            plain.append(command.parameters.map { "  \($0.line)" }.joined(separator: "\n"))
        }
        if !command.examples.isEmpty {
            let lines = command.examples.map { "# \($0.doc)\n\($0.code)" }
            markdown.append("```\n\(lines.joined(separator: "\n\n"))\n```")
            plain.append(
                command.examples.map { "  \($0.code.replacing("\n", with: "\n  "))    # \($0.doc)" }.joined(
                    separator: "\n"))
        }
        return Documentation(
            markdown: markdown.joined(separator: "\n\n"), plain: plain.joined(separator: "\n\n"))
    }

    /// What happens to a verb beside others, in subshells; nil when it runs beside everything.
    func company(of command: CommandDeclaration) -> String? {
        guard !command.isBlock else { return "It has what its lines need to itself until they are done." }
        guard !command.exclusive.isEmpty else { return nil }
        let long = lexicon.commands.filter { $0.isLong && !$0.exclusive.isEmpty }.map(\.verb)
        let needed = command.exclusive.map(\.name).joined(separator: " and ")
        return
            "It has \(needed) to itself: it waits for shorter verbs in other subshells, and is refused beside "
            + "\(long.joined(separator: " or "))."
    }

    /// The tooltip of a verb.
    package func summary(of command: CommandDeclaration) -> Documentation {
        let code = command.examples.first?.code
        let example = code.map { "for example: \($0)" } ?? ""
        return Documentation(
            markdown: "**\(command.verb)**: \(command.summary)\n\n```\n\(command.usage)\n```\n\n"
                + (code.map { command.isBlock ? "For example\n\n```\n\($0)\n```" : "For example `\($0)`" }
                    ?? ""),
            plain: "\(command.verb): \(command.summary)\n\n  \(command.usage)\n\n\(example)")
    }

    /// What a key means.
    package func explanation(
        of parameter: ParameterDeclaration, in command: CommandDeclaration, detail: Int
    ) -> Documentation {
        var facts: [(String, String)] = [("takes", parameter.takes)]
        if let fallback = parameter.fallback { facts.append(("default", fallback)) }
        if !parameter.aliases.isEmpty { facts.append(("also", parameter.aliases.joined(separator: ", "))) }
        facts += parameter.choiceDocs
        let title = "\(command.verb) \(parameter.name)"
        var page = Documentation(
            markdown: "**\(title)**: \(parameter.doc)\n\n"
                + facts.map { "- \($0): \($1.markdownEscaped)" }.joined(separator: "\n"),
            plain: "\(title): \(parameter.doc)\n" + facts.map { "  \($0): \($1)" }.joined(separator: "\n"))
        if detail > 0 {
            let whole = self.page(for: command)
            page.markdown += "\n\n---\n\n" + whole.markdown
            page.plain += "\n\n" + whole.plain
        }
        return page
    }

    /// What a key of a verb means, also when it is another tool's.
    package func explanation(of key: Name, in command: CommandDeclaration) throws -> Documentation {
        if let foreign = command.foreignKey(named: key.text) { return explanation(of: foreign, in: command) }
        let parameter = try lexicon.parameter(key, of: command)
        return explanation(of: parameter, in: command, detail: 0)
    }

    /// What a key means in each verb that takes it; nil when none does.
    package func explanation(ofKey key: Name) -> Documentation? {
        let pages = lexicon.commands.compactMap { command -> Documentation? in
            if let parameter = command.parameter(named: key.text) {
                return explanation(of: parameter, in: command, detail: 0)
            }
            return command.foreignKey(named: key.text).map { explanation(of: $0, in: command) }
        }
        guard !pages.isEmpty else { return nil }
        return Documentation(
            markdown: pages.map(\.markdown).joined(separator: "\n\n"),
            plain: pages.map(\.plain).joined(separator: "\n\n"))
    }

    private func explanation(of foreign: ForeignKey, in command: CommandDeclaration) -> Documentation {
        let fate = foreign.accepted == nil ? "passed over" : "not supported"
        let text = "\(foreign.name), another tool's key, is \(fate): \(foreign.reason)"
        return Documentation(
            markdown: "**\(command.verb)**: \(text.markdownEscaped)", plain: "\(command.verb): \(text)")
    }

    func table(of parameters: [ParameterDeclaration]) -> String {
        let rows = parameters.map { parameter in
            // A column of their own would be as wide as the longest of them, and the table wider than a narrow page.
            let also = parameter.aliases.map(code).joined(separator: " ")
            let cells = [
                code(parameter.name),
                parted(parameter.doc.markdownEscaped) + (also.isEmpty ? "" : " (also \(also))"),
                parted(parameter.takes.markdownEscaped), parted((parameter.fallback ?? "").markdownEscaped),
            ]
            return "| \(cells.joined(separator: " | ")) |"
        }
        return (["| key | what | takes | default |", "|:---|:---|:---|:---|"] + rows)
            .joined(separator: "\n")
    }

    /// Letters of a word that a column is as wide as.
    private static let longestWord = 14

    /// What a person may type; a page may part a long one.
    private func code(_ word: String) -> String {
        word.count > Self.longestWord ? "<code>\(parted(word.markdownEscaped))</code>" : "`\(word)`"
    }

    /// Escaped text in which a page may part long words after their underscores, dots and equals signs.
    private func parted(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard word.count > Self.longestWord else { return String(word) }
            return String(word).replacing(/(?:\\_|[.=…])(?=[\w(])/) { "\($0.output)<wbr>" }
        }.joined(separator: " ")
    }
}

extension ParameterDeclaration {
    /// The type with its limits and unit.
    var takes: String {
        let unit = self.unit.map { " (\($0))" } ?? ""
        if let owners { return owners.takes(unit: unit) }
        return type.summary + unit + (isRequired ? ", required" : "")
    }

    /// The default in words, nil for a required parameter.
    var fallback: String? {
        if let defaultValue { return defaultValue.source.isEmpty ? nil : defaultValue.source }
        return otherwise
    }

    /// `rank of the update; whole number 1…256; default 8`
    package var oneLine: String {
        ([doc, takes] + (fallback.map { ["default \($0)"] } ?? [])).joined(separator: "; ")
    }

    /// `whole number, default 8`
    var brief: String {
        var parts = [type.noun + (unit.map { " (\($0))" } ?? "")]
        if let owners { parts.append("with \(owners.key)=\(owners.choices.joined(separator: " or "))") }
        if isRequired {
            parts.append("required")
        } else if let fallback {
            parts.append(defaultValue == nil ? fallback : "default \(fallback)")
        }
        return parts.joined(separator: ", ")
    }

    /// One line of plain help.
    var line: String { "\(name.padded(to: 14)) \(oneLine)" }

    var choiceDocs: [(String, String)] {
        switch type {
        case .choice(let choices), .list(.choice(let choices)):
            choices.filter { !$0.doc.isEmpty }.map { ($0.name, $0.doc) }
        default: []
        }
    }
}
