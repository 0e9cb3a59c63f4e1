import Diagnostics

/// Gathers the statements between a block's verb and `end` into one block statement, nested ones too.
struct BlockBuilder {
    let blockVerbs: Set<String>
    private var finished: [Statement] = []
    private var open: [(head: Statement, invocation: Invocation, body: [Statement])] = []
    /// Blocks that are open beyond the greatest depth: their lines are left out.
    private var excess = 0

    init(blockVerbs: Set<String>) {
        self.blockVerbs = blockVerbs
    }

    var openCount: Int { open.count + excess }

    mutating func add(_ statement: Statement) {
        guard case .command(let invocation) = statement.kind, statement.problem == nil else {
            if excess == 0 { append(statement) }
            return
        }
        if excess > 0 {
            if blockVerbs.contains(invocation.verb.text) { excess += 1 }
            if invocation.verb.text == Parser.blockEnd { excess -= 1 }
        } else if invocation.verb.text == Parser.blockEnd {
            close(with: statement, invocation)
        } else if blockVerbs.contains(invocation.verb.text), open.count == Parser.greatestDepth {
            excess = 1
            append(tooDeep(statement))
        } else if blockVerbs.contains(invocation.verb.text) {
            open.append((statement, invocation, []))
        } else {
            append(statement)
        }
    }

    mutating func finish() -> [Statement] {
        while let last = open.popLast() {
            var head = last.head
            head.kind = .block(last.invocation, body: last.body, isClosed: false)
            head.span.end = last.body.last?.span.end ?? head.span.end
            head.problem = Diagnostic(
                "unclosed-block", "the \(last.invocation.verb.text) block is not closed",
                at: last.invocation.verb.span, hint: "write end on a line of its own after it")
            append(head)
        }
        return finished
    }

    private func tooDeep(_ statement: Statement) -> Statement {
        var head = statement
        head.problem = Diagnostic(
            "too-deep", "more than \(Parser.greatestDepth) blocks stand in one another", at: statement.span,
            hint: "end some of them before the next begins")
        return head
    }

    private mutating func append(_ statement: Statement) {
        if open.isEmpty {
            finished.append(statement)
        } else {
            open[open.count - 1].body.append(statement)
        }
    }

    private mutating func close(with end: Statement, _ invocation: Invocation) {
        var end = end
        guard let last = open.popLast() else {
            end.problem = Diagnostic(
                "stray-end", "this end closes no block", at: invocation.verb.span,
                hint: blockVerbs.isEmpty
                    ? "take it away" : "a block begins with \(blockVerbs.sorted().joined(separator: ", "))")
            return append(end)
        }
        var block = last.head
        block.kind = .block(last.invocation, body: last.body, isClosed: true)
        block.span.end = end.span.end
        block.isQuiet = end.isQuiet || block.isQuiet
        if let extra = invocation.arguments.first {
            block.problem = Diagnostic(
                "after-end", "found \(extra.value?.source ?? extra.key?.text ?? "") after end",
                at: extra.span, hint: "end stands alone on its line")
        }
        append(block)
    }
}
