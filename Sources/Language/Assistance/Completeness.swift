/// Whether a cell can run as it stands, as a console asks on every Return.
package enum Completeness: Sendable, Hashable {
    case complete
    /// More lines are needed; the next begins with this.
    case incomplete(indent: String)
    case invalid

    /// - `binder`: checks verbs and keys, so that a misspelt line is run and explained at once.
    package init(of source: String, lexicon: Lexicon, binder: Binder) {
        let script = lexicon.parse(source)
        if script.unfinished {
            self = .incomplete(indent: String(repeating: " ", count: 4 * max(1, script.openBlocks)))
        } else if !script.statements.allSatisfy({ Self.isValid($0, binder) }) {
            self = .invalid
        } else if script.openBlocks > 0 {
            self = .incomplete(indent: String(repeating: " ", count: 4 * script.openBlocks))
        } else {
            self = .complete
        }
    }

    /// Whether nothing is wrong with it, but that its end may be missing.
    private static func isValid(_ statement: Statement, _ binder: Binder) -> Bool {
        guard case .block(let invocation, let body, isClosed: false) = statement.kind,
            statement.problem?.code == "unclosed-block"
        else { return (try? binder.check(statement)) != nil }
        return (try? binder.check(invocation)) != nil && body.allSatisfy { isValid($0.undecided, binder) }
    }
}
