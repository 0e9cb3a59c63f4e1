import Diagnostics

/// What could be written at the cursor.
package struct CompletionResult: Sendable, Hashable {
    /// The scalars that an item replaces; the end is the cursor, or behind a mark that closes a quotation there.
    package var span: SourceSpan
    package var items: [CompletionItem]
}

package struct CompletionItem: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case verb, key, value, variable
    }

    package var text: String
    package var kind: Kind
    /// The type of a value, a key's default with it; the group of a verb.
    package var detail: String
    package var doc: String

    /// `whole number, default 8 · rank of the update`
    package var note: String { [detail, doc].filter { !$0.isEmpty }.joined(separator: " · ") }
}

/// Completes verbs, keys, values and variables from the declarations.
package struct Completer: Sendable {
    private let lexicon: Lexicon
    private let variables: Variables
    private let candidates: CandidateLookup

    package init(_ lexicon: Lexicon, variables: Variables, candidates: @escaping CandidateLookup) {
        self.lexicon = lexicon
        self.variables = variables
        self.candidates = candidates
    }

    /// - `cursor`: in Unicode scalars from the start of `source`.
    package func complete(_ source: String, cursor: Int) -> CompletionResult {
        let place = CursorPlace(source, cursor: cursor, lexicon: lexicon)
        let items: [CompletionItem]
        switch place.role {
        case .none: items = []
        case .variable: items = variableItems(place.prefix)
        case .verb(let isInBlock): items = verbItems(place.prefix, isInBlock: isInBlock)
        case .argument(let invocation): items = argumentItems(place, invocation)
        case .value(let invocation, let key): items = valueItems(place, invocation, key)
        }
        return CompletionResult(span: place.span, items: items)
    }

    // MARK: - Each kind

    private func verbItems(_ prefix: String, isInBlock: Bool) -> [CompletionItem] {
        var items = lexicon.commands.filter { $0.verb.hasPrefix(prefix) }.map { command in
            CompletionItem(
                text: command.verb, kind: .verb, detail: command.group.name, doc: command.summary)
        }
        if isInBlock, Parser.blockEnd.hasPrefix(prefix) {
            items.append(
                CompletionItem(text: Parser.blockEnd, kind: .verb, detail: "block", doc: "ends the block"))
        }
        return items
    }

    private func variableItems(_ prefix: String) -> [CompletionItem] {
        variables.names.filter { $0.hasPrefix(prefix) }.map { name in
            // Without its value, which may be long, or an answer that was given unseen.
            CompletionItem(text: name, kind: .variable, detail: "variable", doc: "")
        }
    }

    private func argumentItems(_ place: CursorPlace, _ invocation: Invocation) -> [CompletionItem] {
        guard let command = lexicon[invocation.verb.text] else { return [] }
        let given = invocation.arguments.filter { $0.span.end < place.cursor }
        let keys = Set(given.compactMap { $0.key.flatMap { command.parameter(named: $0.text)?.name } })
        let withoutKey = given.filter { $0.key == nil }.count
        let free = command.positional.filter { !keys.contains($0.name) }
        let next = withoutKey < free.count ? free[withoutKey] : free.last { $0.takesRest }
        let values = next.map { self.values(of: $0.type, place) } ?? []
        guard !place.isQuoted else { return values }
        let others = command.parameters.filter { isOfAnother($0, given, command) }.map(\.name)
        return values + keyItems(of: command, place.prefix, without: keys.union(others))
    }

    /// Whether a key belongs to other choices than the one that is written.
    private func isOfAnother(
        _ parameter: ParameterDeclaration, _ given: [Argument], _ command: CommandDeclaration
    ) -> Bool {
        guard let owners = parameter.owners, let chooser = command.parameter(named: owners.key),
            case .choice(let choices) = chooser.type,
            let written = given.last(where: { $0.key.map { chooser.answers(to: $0.text) } ?? false }),
            let choice = choices.first(where: { $0.answers(to: written.value?.source ?? "") })
        else { return false }
        return !owners.choices.contains(choice.name)
    }

    private func keyItems(
        of command: CommandDeclaration, _ prefix: String, without given: Set<String>
    ) -> [CompletionItem] {
        let free = command.parameters.filter { !given.contains($0.name) && !$0.takesRest }
        let matches = free.filter { $0.name.hasPrefix(prefix) }
        if !matches.isEmpty || prefix.isEmpty { return matches.map { keyItem($0, as: $0.name) } }
        return free.flatMap { parameter in
            parameter.aliases.filter { $0.hasPrefix(prefix) }.map { keyItem(parameter, as: $0) }
        }
    }

    private func keyItem(_ parameter: ParameterDeclaration, as name: String) -> CompletionItem {
        CompletionItem(
            text: name + "=", kind: .key, detail: parameter.brief, doc: parameter.doc)
    }

    private func valueItems(
        _ place: CursorPlace, _ invocation: Invocation, _ key: Name
    ) -> [CompletionItem] {
        guard let parameter = lexicon[invocation.verb.text]?.parameter(named: key.text) else { return [] }
        var items = values(of: parameter.type, place)
        if items.isEmpty, place.prefix.isEmpty, let value = parameter.defaultValue {
            items = [
                CompletionItem(
                    text: value.source, kind: .value, detail: parameter.type.noun, doc: "the default")
            ]
        }
        if parameter.acceptsAuto, "auto".hasPrefix(place.prefix), !place.isQuoted {
            items.append(
                CompletionItem(
                    text: "auto", kind: .value, detail: parameter.type.noun, doc: parameter.otherwise ?? ""))
        }
        return items
    }

    private func values(of type: ParameterType, _ place: CursorPlace) -> [CompletionItem] {
        guard let lead = text(of: place.lead) else { return [] }
        let written = lead + place.prefix
        let found: [Candidate]
        switch type {
        case .list(let item): return values(of: item, place)
        case .choice(let choices): found = choices.map { Candidate($0.name, $0.doc) }
        case .name(let source, _), .path(let source): found = candidates(source, written)
        case .flag: found = [Candidate("yes"), Candidate("no")]
        case .integer, .number, .portion, .bytes, .text: found = []
        }
        return found.filter { $0.name.hasPrefix(written) }.map { candidate in
            CompletionItem(
                text: place.source(of: String(candidate.name.dropFirst(lead.count))), kind: .value,
                detail: candidate.noun ?? type.noun, doc: candidate.doc)
        }
    }

    /// Nil where a variable is not set.
    private func text(of pieces: [Piece]) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .bare(let part), .quoted(let part): text += part
            case .variable(let name, _):
                guard let value = variables[name] else { return nil }
                text += value.plain
            }
        }
        return text
    }
}
