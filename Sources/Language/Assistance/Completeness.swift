/// Whether a cell can run as it stands, as a console asks on every Return.
package enum Completeness: Sendable, Hashable {
    case complete
    /// More lines are needed; the next begins with this.
    case incomplete(indent: String)
    case invalid

    /// - `binder`: checks verbs and keys, so that a misspelt line is run and explained at once.
    package init(of source: String, vocabulary: Vocabulary, binder: Binder) {
        let script = vocabulary.parse(source)
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

    private static func isValid(_ statement: Statement, _ binder: Binder) -> Bool {
        switch statement.kind {
        case .unreadable: return false
        case .block(_, let body, let isClosed):
            let isOpen = !isClosed && statement.problem?.code == "unclosed-block"
            return (isOpen || statement.problem == nil) && body.allSatisfy { isValid($0, binder) }
        case .command(let invocation):
            return statement.problem == nil && (try? binder.check(invocation)) != nil
        case .assignment, .question, .show: return statement.problem == nil
        }
    }
}
