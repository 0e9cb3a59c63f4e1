import Diagnostics
import Display
import Language

/// Runs the lines of a block command on a state of their own: the session stays as it is.
///
/// What the lines need to themselves the block has already, so that none of them waits.
package struct BlockExecutor {
    let lease: Lease
    let interpreter: CellInterpreter
    let output: any Output
    let interruption: Interruption

    /// Runs lines one after the other, as in a cell, up to the first that fails.
    ///
    /// - `state`: what the first line finds; usually the block's, or what another run has left.
    /// - `chosen`: for each of the lines' alternatives the value that stands in its place, by its span.
    /// - `output`: gets what the lines show; without it they show nothing, and only ask.
    /// - Throws: `alternatives-outside-block` where no value is chosen, before anything runs; `Interrupted`.
    package func run(
        _ body: [Statement], from state: SessionState, choosing chosen: [SourceSpan: Literal] = [:],
        showing output: (any Output)? = nil
    ) throws -> BlockOutcome {
        let chosen = try ChosenLines(body, choosing: chosen)
        let session = Session(inside: interpreter.session, state: state)
        let output = output ?? QuietOutput(asking: self.output)
        let ended = interpreter.inside(session).run(
            chosen.lines, inside: lease, output: output, interruption: interruption)
        var reports = ended.reports
        if reports.last?.status == .interrupted { throw Interrupted() }
        if let last = ended.last { output.display(last, id: nil) }
        if let problem = reports.last?.diagnostic {
            reports[reports.count - 1].diagnostic = problem.with(chosen.choice)
        }
        return BlockOutcome(state: session.state, reports: reports)
    }
}

/// How the lines of a block went.
package struct BlockOutcome: Sendable {
    /// What they made of the state that they were given, up to the line that failed.
    package let state: SessionState
    /// One for each line that ran.
    package let reports: [StatementReport]

    /// What the last of them failed with.
    package var problem: Diagnostic? { reports.last?.diagnostic }
}

extension Diagnostic {
    /// Says what was chosen when it happened.
    fileprivate func with(_ choice: String) -> Diagnostic {
        guard !choice.isEmpty else { return self }
        var copy = self
        copy.hint = (hint.map { $0 + " " } ?? "") + "(with \(choice.clipped(to: 80)))"
        return copy
    }
}

/// Shows nothing; a question still reaches the person.
private final class QuietOutput: Output {
    private let asking: any Output

    init(asking: any Output) { self.asking = asking }

    func display(_ bundle: MimeBundle, id: String?) {}
    func update(_ bundle: MimeBundle, id: String) {}
    func write(_ text: String, to stream: OutputStream) {}
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}

    func input(prompt: String, isPassword: Bool) throws -> String {
        try asking.input(prompt: prompt, isPassword: isPassword)
    }
}
