import Diagnostics

/// Finds out which column holds what: by the request, then by the source, then by name and content.
struct ColumnSniffer {
    let rows: Rows
    let request: DatasetRequest

    private static let textNames = [
        "text", "sentence", "review", "content", "message", "sms", "premise", "sentence1", "question1",
        "document", "body", "comment", "tweet", "question", "instruction", "prompt", "abstract", "selftext",
        "summary", "title", "v2",
    ]
    private static let pairNames = [
        "pair", "hypothesis", "sentence2", "question2", "text_pair", "text2", "second", "sentence_b",
    ]
    private static let labelNames = [
        "label", "labels", "class", "category", "sentiment", "target", "gold_label", "polarity", "label_text",
        "is_spam", "y", "v1", "rating", "stars",
    ]
    static let splitNames = ["split", "fold", "subset", "partition", "set", "semeval_set"]

    /// What a class column may hold at most.
    static let mostClasses = 1000

    /// The columns of `roles`, checked to be there; `notes` says what was not taken for classes.
    func roles(notes: inout [Remark]) throws -> Rows.Roles {
        var roles = try asked(rows.roles)
        if !roles.isAnswered, roles.label == nil, roles.mayHaveLabel, let found = answerRoles() {
            roles.columns.merge(found) { asked, _ in asked }
        }
        try refuseDoubles(roles)
        if roles.pair == nil, request.textColumn == nil, rows.roles.text == nil, !roles.isAnswered {
            roles.pair = named(Self.pairNames, except: [roles.text, roles.label])
        }
        if roles.label == nil, roles.mayHaveLabel, !roles.isAnswered {
            roles.label = foundLabel(roles, &notes)
        }
        guard roles[.messages] == nil, roles[.rejected] == nil || roles.text != nil || !hasDialogues(roles)
        else { return roles }
        if roles.text == nil {
            let others = Array(roles.columns.values)
            roles.text = named(roles[.instruction] == nil ? Self.textNames : Self.inputNames, except: others)
            if roles.text == nil, roles[.instruction] != nil {
                (roles.text, roles[.instruction]) = (roles[.instruction], nil)
            }
            roles.text = roles.text ?? longest(except: others)
        }
        guard roles.text != nil else { throw noText }
        roles.areTextsAlone = roles.areTextsAlone || isNothingBeside(roles)
        return roles
    }

    /// The source's roles with what the request names in their place.
    private func asked(_ known: Rows.Roles) throws -> Rows.Roles {
        var roles = known
        let isForTexts =
            request.labelColumn == DatasetRequest.noLabel && !rows.columns.contains(DatasetRequest.noLabel)
        let given = ColumnRole.allCases.filter { request[$0] != nil && !(isForTexts && $0 == .label) }
        let learned = given.filter {
            ![.text, .pair, .messages].contains($0) || $0 == .messages && !given.contains(.answer)
        }
        let isPair = Set(learned) == [.answer, .rejected]
        guard learned.count <= 1 || isPair, !isForTexts || learned.isEmpty else {
            let names = learned.map { "\($0.rawValue)=" } + (isForTexts ? ["label=none"] : [])
            throw Diagnostic(
                "two-answers",
                "\(names.joined(separator: " and ")) say different things of what is to be learned",
                hint: "write one of them")
        }
        if !learned.isEmpty || isForTexts {
            for role in [ColumnRole.label, .value, .answer, .rejected, .messages] { roles[role] = nil }
        }
        for role in given { roles[role] = try self.given(request[role], role.rawValue) }
        if roles[.rejected] != nil, roles[.answer] == nil {
            guard let chosen = column("chosen") else {
                throw Diagnostic(
                    "no-answer",
                    "rejected= names the answers that are liked less, and those liked more are not named",
                    hint: "say answer=COLUMN beside it")
            }
            roles[.answer] = chosen
        }
        if let asked = request.instruction, rows.columns.contains(asked) { roles[.instruction] = asked }
        if isForTexts { (roles.areTextsAlone, roles.mayHaveLabel) = (true, false) }
        return roles
    }

    /// One column cannot be two things.
    private func refuseDoubles(_ roles: Rows.Roles) throws {
        let taken = ColumnRole.allCases.map { ($0.rawValue, roles[$0]) }
        for (index, (role, column)) in taken.enumerated() {
            guard let column, let other = taken[..<index].first(where: { $0.1 == column }) else { continue }
            let free = rows.columns.filter { name in !taken.contains { $0.1 == name } }
            throw Diagnostic(
                "same-column", "the column \(column.forMessages) cannot be \(other.0) and \(role) both",
                hint: free.isEmpty
                    ? "it is the only column; leave \(role)= out"
                    : "say \(role)=\(free[0].forMessages), or another of \(Self.listed(free))")
        }
    }

    /// A column called like one with classes, else the only one that looks like it.
    private func foundLabel(_ roles: Rows.Roles, _ notes: inout [Remark]) -> String? {
        let used = [roles.text, roles.pair]
        for name in Self.labelNames {
            for column in rows.columns where column.lowercased() == name && !used.contains(column) {
                guard let problem = rows.classProblem(of: column) else { return column }
                notes.append(.warning("the column \(column) was not taken for classes: \(problem)"))
            }
        }
        return request.textColumn == nil && rows.columns.count > 1 ? onlyClassLike(roles) : nil
    }

    private func given(_ column: String?, _ role: String) throws -> String? {
        guard let column else { return nil }
        if let exact = rows.columns.first(where: { $0 == column }) { return exact }
        if let folded = rows.columns.first(where: { $0.lowercased() == column.lowercased() }) {
            return folded
        }
        let near = closestName(to: column, among: rows.columns).map { "did you mean \(role)=\($0)?" }
        throw Diagnostic(
            "missing-column",
            "there is no column \(column) in \(rows.source); its columns are \(listed)",
            hint: near ?? "write \(role)= and one of them")
    }

    func named(_ names: [String], except used: [String?]) -> String? {
        for name in names {
            if let column = rows.columns.first(where: { $0.lowercased() == name && !used.contains($0) }) {
                return column
            }
        }
        return nil
    }

    private func onlyClassLike(_ roles: Rows.Roles) -> String? {
        let candidates = rows.columns.enumerated().filter { index, column in
            column != roles.text && column != roles.pair
                && !Self.splitNames.contains(column.lowercased())
                && !Self.textNames.contains(column.lowercased()) && meanLength(at: index) < 40
                && distinctValues(at: index, upTo: 21) <= min(20, rows.values.count / 2)
        }
        return candidates.count == 1 ? candidates[0].element : nil
    }

    private func distinctValues(at index: Int, upTo limit: Int) -> Int {
        var seen: Set<String> = []
        for row in rows.values {
            seen.insert(row[index])
            if seen.count >= limit { break }
        }
        return seen.count
    }

    private func meanLength(at index: Int) -> Double {
        guard !rows.values.isEmpty else { return 0 }
        let sample = rows.values.prefix(500)
        return Double(sample.reduce(0) { $0 + $1[index].utf8.count }) / Double(sample.count)
    }

    /// The column of the longest texts, when they look like texts at all.
    private func longest(except used: [String?]) -> String? {
        let candidates = rows.columns.enumerated().filter { _, column in
            !used.contains(column) && !Self.splitNames.contains(column.lowercased())
        }.map { (column: $1, length: meanLength(at: $0)) }
        let best = candidates.max { $0.length < $1.length }
        return best.flatMap { $0.length >= 8 || candidates.count == 1 ? $0.column : nil }
    }

    private var listed: String { Self.listed(rows.columns) }

    private static func listed(_ columns: [String]) -> String {
        let shown = columns.prefix(20).map { "'\($0.forMessages)'" }.joined(separator: ", ")
        return columns.isEmpty
            ? "none" : shown + (columns.count > 20 ? " and \(columns.count - 20) more" : "")
    }

    private var noText: Diagnostic {
        Diagnostic(
            "missing-column",
            "no column of \(rows.source) looks like the text to learn from; its columns are \(listed), "
                + "expected one named text, sentence or review",
            hint: "say which: text=COLUMN, and label=COLUMN where there are classes")
    }
}
