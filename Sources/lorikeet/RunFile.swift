import Commands
import Diagnostics
import Foundation
import JSON
import Language

/// One run of a file, to its exit status.
struct FileRun {
    let terminal: TerminalOutput
    let interruption: Interruption
    let printsJSON: Bool
    private let interpreter = CellInterpreter(session: Session())
    private let isColored =
        TerminalOutput.takesCodes(STDERR_FILENO) && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

    init(terminal: TerminalOutput, interruption: Interruption, printsJSON: Bool) {
        self.terminal = terminal
        self.interruption = interruption
        self.printsJSON = printsJSON
    }

    private static let interrupted: Int32 = 130
    /// In bytes.
    private static let longestScript = 16 << 20

    // MARK: - Scripts

    func script(_ path: String) throws -> Int32 {
        let outcome = interpreter.run(cell: try text(path), output: terminal, interruption: interruption) {
            emit($0, cell: nil)
        }
        switch outcome.ending {
        case .finished(let bundle):
            if let bundle { terminal.display(bundle, id: nil) }
            return 0
        case .failed(let report):
            terminal.flush()
            complain(report.lines(colored: isColored, columns: terminal.columns).joined(separator: "\n"))
            return 1
        case .interrupted:
            terminal.flush()
            complain("interrupted")
            return Self.interrupted
        }
    }

    private func text(_ path: String) throws -> String {
        let bytes = try InputFile.bytes(of: path, limit: Self.longestScript)
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic(
                "not-text", "\(path) is not UTF-8 text", hint: "name a .lk script or a .ipynb notebook")
        }
        return text
    }

    // MARK: - Notebooks

    func notebook(_ path: String, writingTo target: String?, isCheck: Bool) throws -> Int32 {
        let notebook = try Notebook(path: path)
        // Jupyter runs a notebook in its own folder; so that files are found alike, so do we.
        let target = target.map { URL(fileURLWithPath: $0).path }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard FileManager.default.changeCurrentDirectoryPath(folder) else {
            throw Diagnostic("no-folder", "the folder \(folder) cannot be entered")
        }
        if let target { try Notebook.checkTarget(target) }
        var run = NotebookRun(
            notebook, interpreter: interpreter, output: NotebookOutput(passingTo: terminal))
        let total = notebook.cellCount
        let ending = run.run(
            interruption: interruption, began: { announce($0, of: total, $1) }, report: { emit($1, cell: $0) }
        )
        terminal.flush()
        if let target { try run.notebook.write(to: target) }
        switch ending {
        case .failed(let cell, let report):
            complain("cell \(cell + 1) of \(total) failed:")
            complain(indented(notebook.source(ofCell: cell)))
            complain(report.lines(colored: isColored, columns: terminal.columns).joined(separator: "\n"))
            return 1
        case .interrupted(let cell):
            complain("interrupted in cell \(cell + 1) of \(total)")
            return Self.interrupted
        case .finished:
            return isCheck ? verdict(run, total: total) : 0
        }
    }

    private func verdict(_ run: NotebookRun, total: Int) -> Int32 {
        guard !run.differences.isEmpty else { return 0 }
        for (cell, lines) in run.differences {
            complain("cell \(cell + 1) of \(total) differs from its stored outputs:")
            complain(indented(lines.joined(separator: "\n")))
        }
        return 1
    }

    private func announce(_ cell: Int, of total: Int, _ source: String) {
        guard !printsJSON else { return }
        let isFaint = TerminalOutput.takesCodes(STDOUT_FILENO)
        let (faint, plain) = isFaint ? ("\u{1B}[2m", "\u{1B}[0m") : ("", "")
        terminal.write("\(faint)[\(cell + 1)/\(total)]\n\(indented(source))\(plain)\n", to: .standardOutput)
    }

    // MARK: - Lines

    private func emit(_ report: StatementReport, cell: Int?) {
        guard printsJSON, var object = report.json.object else { return }
        if let cell { object["cell"] = .integer(cell) }
        terminal.write(Data(JSON.object(object).utf8() + [0x0A]), to: .standardOutput)
    }

    func complain(_ text: String) {
        terminal.write(Data((text + "\n").utf8), to: FileHandle.standardError)
    }

    private func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(
            separator: "\n")
    }
}
