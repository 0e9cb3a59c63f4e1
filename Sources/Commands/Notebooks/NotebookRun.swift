import Diagnostics
import JSON
import Language

/// Runs a notebook's cells one after the other, as Jupyter's own runners do.
package struct NotebookRun {
    package enum Ending: Sendable {
        case finished
        case failed(cell: Int, DiagnosticReport)
        case interrupted(cell: Int)
    }

    package private(set) var notebook: Notebook
    /// The code cells whose outputs differ from the stored ones, with the lines that do.
    package private(set) var differences: [(cell: Int, lines: [String])] = []
    private let interpreter: CellInterpreter
    private let output: NotebookOutput

    package init(_ notebook: Notebook, interpreter: CellInterpreter, output: NotebookOutput) {
        self.notebook = notebook
        self.interpreter = interpreter
        self.output = output
    }

    /// Stops at the first cell that fails, unless it is tagged `raises-exception`.
    ///
    /// - `began`: called before each cell with its place and source.
    /// - `report`: called as each statement ends.
    package mutating func run(
        interruption: Interruption, began: (Int, String) -> Void = { _, _ in },
        report: (Int, StatementReport) -> Void = { _, _ in }
    ) -> Ending {
        var ending = Ending.finished
        var ran: [Int] = []
        let runnable = notebook.runnable
        for (number, cell) in runnable.enumerated() {
            let source = notebook.source(ofCell: cell)
            began(cell, source)
            output.begin(cell: cell)
            ran.append(cell)
            let outcome = interpreter.run(cell: source, output: output, interruption: interruption) {
                report(cell, $0)
            }
            switch outcome.ending {
            case .finished(let bundle):
                if let bundle { output.result(bundle, count: number + 1) }
            case .failed(let failure):
                output.fail(failure)
                if notebook.tags(ofCell: cell).contains("raises-exception") {
                    output.show(failure)
                } else {
                    ending = .failed(cell: cell, failure)
                }
            case .interrupted:
                ending = .interrupted(cell: cell)
            }
            guard case .finished = ending else { break }
        }
        for (number, cell) in ran.enumerated() { keep(cell, count: number + 1) }
        return ending
    }

    private mutating func keep(_ cell: Int, count: Int) {
        let found = output.outputs(ofCell: cell)
        let comparison = OutputComparison(stored: notebook.outputs(ofCell: cell), found: found)
        if !comparison.isSame { differences.append((cell, comparison.difference())) }
        notebook.set(outputs: found, count: count, ofCell: cell)
    }
}
