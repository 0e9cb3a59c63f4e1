import JSON

/// Texts that a model writes, each behind what it goes on from; updated in place while they come.
package struct WritingView: Displayable {
    /// Something said: by a person, which is faint, or by the model.
    package struct Turn: Sendable, Hashable {
        /// Who says it, where that is to be read; nil where one goes on from the other in the same line.
        package var name: String?
        package var text: String
        package var isFaint: Bool

        package init(_ text: String, by name: String? = nil, isFaint: Bool = false) {
            (self.text, self.name, self.isFaint) = (text, name, isFaint)
        }
    }

    /// What belongs together, and what is to be known of it alone.
    package struct Entry: Sendable, Hashable {
        package var turns: [Turn]
        package var remark: String

        package init(_ turns: [Turn], remark: String = "") { (self.turns, self.remark) = (turns, remark) }
    }

    package var entries: [Entry]
    /// Below them, one a line.
    package var notes: [String] = []
    package var state: ProgressView.State = .running
    package var value = JSON.null
    package var isShown = false

    /// Entries that are shown; the rest is counted.
    private static let most = 30
    /// Where the next word is to come.
    private static let mark = "▍"

    package init(_ entries: [Entry]) { self.entries = entries }

    package func mimeBundle() -> MimeBundle {
        var data: JSONObject = [MimeType.html: .string(html)]
        if state != .running {
            data[MimeType.markdown] = .string(joined(\.markdownEscaped, { "*\($0)*" }, line: "<br>"))
            data[MimeType.latex] = .string(joined(\.latexEscaped, { #"\emph{"# + $0 + "}" }, line: "\n"))
        }
        data[MimeType.plain] = .string(plain)
        return MimeBundle(data: data, sentences: state == .running ? 0 : allNotes.count)
    }

    private var allNotes: [String] {
        let more = entries.count - Self.most
        return (more > 0 ? ["\(more.grouped) more are not shown"] : []) + notes
    }

    /// What stands before a text, as plain text has it.
    package static func opening(_ turns: [Turn]) -> String {
        turns.map { turn in turn.name.map { "\($0): \(turn.text)\n" } ?? turn.text }.joined()
    }

    // MARK: - Forms

    private var html: String {
        let shown = entries.prefix(Self.most)
        let parts = shown.enumerated().map { index, entry in
            let rule = index > 0 ? ";border-top:1px solid \(Markup.faintRule)" : ""
            let last = entry.turns.count - 1
            let turns = entry.turns.enumerated().map { place, turn in
                html(turn, isGrowing: state == .running && place == last)
            }
            return "<div style=\"padding:4px 0\(rule)\">" + turns.joined()
                + (entry.remark.isEmpty ? "" : Markup.note(entry.remark)) + "</div>"
        }
        return Markup.frame(parts + allNotes.map(Markup.note))
    }

    private func html(_ turn: Turn, isGrowing: Bool) -> String {
        let style = "white-space:pre-wrap;overflow-wrap:anywhere"
        let said = turn.isFaint ? Markup.muted(turn.text) : turn.text.htmlEscaped
        let text = said + (isGrowing ? Markup.muted(Self.mark) : "")
        guard let name = turn.name else { return "<span style=\"\(style)\">\(text)</span>" }
        return
            "<div style=\"margin:6px 0 0 0\">\(Markup.note(name))<div style=\"\(style)\">\(text)</div></div>"
    }

    /// As it would stand on paper: turns without a name in one run, the others below each other.
    package var plain: String {
        joined(\.withoutControls, { $0 }, line: "\n")
    }

    private func joined(
        _ escaped: (String) -> String, _ faint: (String) -> String, line: String
    ) -> String {
        let blocks = entries.prefix(Self.most).map { entry in
            let said = entry.turns.map { turn in
                let text = escaped(turn.text)
                let shown = turn.isFaint && !text.isEmpty ? faint(text) : text
                return turn.name.map { "\(escaped($0)): \(shown)\(line)" } ?? shown
            }.joined()
            let rest = entry.remark.isEmpty ? "" : line + faint(escaped(entry.remark))
            return said.trimmingLines + rest
        }
        return
            (blocks + (allNotes.isEmpty ? [] : [allNotes.map { faint(escaped($0)) }.joined(separator: line)]))
            .joined(separator: "\n\n")
    }
}

extension String {
    /// Without line breaks at its end.
    fileprivate var trimmingLines: String {
        var rest = self[...]
        while rest.last?.isNewline == true { rest.removeLast() }
        return String(rest)
    }
}
