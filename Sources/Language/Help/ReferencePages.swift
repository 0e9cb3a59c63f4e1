import Display

/// The pages of docs/reference: one a verb and an index, generated from the declarations.
package struct ReferencePages: Sendable {
    private let lexicon: Lexicon

    package init(_ lexicon: Lexicon) {
        self.lexicon = lexicon
    }

    /// File name to Markdown text, in the order of the index.
    package var pages: [(file: String, text: String)] {
        [("README.md", index)] + lexicon.commands.map { ("\($0.verb).md", page(for: $0)) }
    }

    private static let notice = "<!-- Generated from the declarations by `make docs`; do not edit. -->\n\n"

    private var index: String {
        var blocks = ["# The verbs", "Each verb's page lists its parameters and examples."]
        for group in lexicon.groups {
            let rows = lexicon.commands.filter { $0.group == group }.map {
                "| [`\($0.verb)`](\($0.verb).md) | \($0.summary.markdownEscaped) |"
            }
            blocks.append("## \(group.name): \(group.summary)")
            blocks.append((["| verb | what it does |", "|:---|:---|"] + rows).joined(separator: "\n"))
        }
        return Self.notice + blocks.joined(separator: "\n\n") + "\n"
    }

    private func page(for command: CommandDeclaration) -> String {
        var blocks = ["# \(command.verb)", command.summary + ".", "```\n\(command.usage)\n```"]
        if !command.aliases.isEmpty {
            blocks.append("Also: " + command.aliases.map { "`\($0)`" }.joined(separator: ", "))
        }
        if !command.details.isEmpty { blocks.append(command.details) }
        if let company = Help(lexicon).company(of: command) { blocks.append(company) }
        if !command.parameters.isEmpty {
            blocks += ["## Parameters", Help(lexicon).table(of: command.parameters)]
        }
        for parameter in command.parameters where !parameter.choiceDocs.isEmpty {
            let rows = parameter.choiceDocs.map { "- `\($0)`: \($1.markdownEscaped)" }
            blocks.append("### \(parameter.name)\n\n" + rows.joined(separator: "\n"))
        }
        if !command.examples.isEmpty {
            blocks.append("## Examples")
            blocks += command.examples.map { example in
                let lines = example.after.isEmpty ? example.code : example.after + "\n" + example.code
                return "\(example.doc):\n\n```\n\(lines)\n```"
            }
        }
        return Self.notice + blocks.joined(separator: "\n\n") + "\n"
    }
}
