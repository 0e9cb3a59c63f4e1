import JSON

/// Facts of which a line tells the most important: the others unfold beneath it, what must be heeded stands open.
package struct FoldedFacts: Displayable, Hashable {
    /// The first is what it is about.
    package var line: [String]
    package var facts: KeyValue
    /// Those of the facts, by their names, that are told where nothing unfolds.
    package var told: [String]
    package var notes: [PanelNote]

    package init(line: [String], facts: KeyValue, told: [String] = [], notes: [PanelNote] = []) {
        (self.line, self.facts, self.told, self.notes) = (line, facts, told, notes)
    }

    package var value: JSON { facts.value }

    package func mimeBundle() -> MimeBundle {
        MimeBundle(
            data: [
                MimeType.html: .string(html), MimeType.markdown: .string(markdown),
                MimeType.latex: .string(latex), MimeType.plain: .string(plain),
            ], sentences: notes.count + 1)
    }

    package var plain: String {
        let head = line.map(\.onOneLine).joinedByDots(to: 80).map { $0.wrapped(to: 80) }
        let told = rest.isEmpty ? [] : ["  \(rest)".wrapped(to: 80)]
        return (head + told + notes.map { "  \($0.plain)" }).joined(separator: "\n")
    }

    /// `lr 0.002, linear · batch 16 · seed 0`
    private var rest: String {
        facts.entries.filter { told.contains($0.name) }
            .map { "\($0.name) \($0.cell.text(style: $0.style))".onOneLine }.joined(separator: " · ")
    }

    private var markdown: String {
        let head = line.enumerated().map { index, part in
            let text = part.onOneLine.markdownEscaped
            return index == 0 ? "**\(text)**" : text
        }
        let told = [head.joined(separator: " · "), rest.markdownEscaped].filter { !$0.isEmpty }
        return (told + notes.map { "*\($0.plain.markdownEscaped)*" }).joined(separator: "\n\n")
    }

    private var latex: String {
        let head = line.enumerated().map { index, part in
            let text = part.onOneLine.latexEscaped
            return index == 0 ? #"\textbf{"# + text + "}" : text
        }
        let told = [head.joined(separator: #" $\cdot$ "#), rest.latexEscaped].filter { !$0.isEmpty }
        return (told + notes.map { #"\emph{"# + $0.plain.latexEscaped + "}" }).joined(separator: "\n\n")
    }

    package var html: String {
        let head = line.enumerated().map { index, part in
            index == 0
                ? "<b>\(part.htmlEscaped)</b>"
                : "<span style=\"white-space:nowrap\">\(part.htmlEscaped)</span>"
        }
        let rows = facts.entries.map { entry in
            "<tr style=\"background:transparent\"><td style=\"text-align:left;padding:2px 18px 2px 0;opacity:0.72;"
                + "white-space:nowrap;vertical-align:top;border:none\">\(entry.name.htmlEscaped)</td>"
                + "<td style=\"text-align:left;padding:2px 0;vertical-align:top;border:none;white-space:normal;"
                + "max-width:none\">\(entry.cell.text(style: entry.style).htmlEscaped)</td></tr>"
        }
        let folded = facts.notes.map { "<div style=\"opacity:0.72\">\($0.htmlEscaped)</div>" }
        return Markup.frame(
            [
                """
                <details style="margin:0"><summary style="font-size:13px;cursor:pointer">\
                \(head.joined(separator: " · "))</summary>
                <div style="padding:6px 0 4px 16px"><table style="border-collapse:collapse;border:none;margin:0;\
                font-size:13px;line-height:1.35;\(Markup.figures)"><tbody>
                \(rows.joined(separator: "\n"))
                </tbody></table>\(folded.joined())</div></details>
                """
            ] + notes.map(\.html))
    }
}
