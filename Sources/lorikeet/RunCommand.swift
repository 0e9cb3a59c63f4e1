import ArgumentParser
import Commands
import Diagnostics
import Foundation
import JSON
import System

/// `lorikeet run FILE`: a script or a notebook without a server.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Runs a .lk script or a .ipynb notebook.",
        discussion:
            "Ends with 1 when a statement fails or a check finds a difference, with 130 when interrupted (also by SIGTERM and SIGHUP)."
    )

    @Argument(help: "A .lk script or a .ipynb notebook; - reads a script from standard input.")
    var file: String

    @Option(name: .shortAndLong, help: "Write the executed notebook here.")
    var output: String?

    @Flag(help: "Write the outputs back into the notebook.")
    var inplace = false

    @Flag(help: "Compare with the stored outputs; show what differs and end with 1.")
    var check = false

    @Flag(help: "Print one line of JSON for each statement instead of its display.")
    var json = false

    func validate() throws {
        let isNotebook = file.hasSuffix(".ipynb")
        if !isNotebook, output != nil || inplace || check {
            throw ValidationError("--output, --inplace and --check need a notebook")
        }
        if output != nil, inplace { throw ValidationError("choose --output or --inplace") }
    }

    func run() throws {
        let interruption = Interruption()
        let signals = InterruptSignal(interruption)
        defer { signals.cancel() }
        let terminal = TerminalOutput(
            json ? .standardError : .standardOutput, showsDisplays: !json)
        let run = FileRun(terminal: terminal, interruption: interruption, printsJSON: json)
        do {
            let status =
                file.hasSuffix(".ipynb")
                ? try run.notebook(
                    file, writingTo: inplace ? file : output, isCheck: check)
                : try run.script(file)
            terminal.flush()
            if terminal.hasFailed { run.complain("lorikeet: the output could not be written") }
            if status != 0 || terminal.hasFailed { throw ExitCode(max(1, status)) }
        } catch let diagnostic as Diagnostic {
            terminal.flush()
            run.complain(diagnostic.description)
            throw ExitCode.failure
        }
    }
}

#if os(Linux)
    private typealias SignalHandler = __sighandler_t
#else
    private typealias SignalHandler = @convention(c) (Int32) -> Void
#endif

/// Functions cannot be compared, and what stands for "ignored" is none but the number 1.
private func isIgnored(_ handler: SignalHandler?) -> Bool {
    unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN as SignalHandler?, to: Int.self)
}

/// Turns Ctrl-C, the end of a batch job's time and a terminal that is closed into a request to stop; a second one ends
/// the process.
private final class InterruptSignal {
    private let sources: [any DispatchSourceSignal]

    init(_ interruption: Interruption) {
        sources = [SIGINT, SIGTERM, SIGHUP].compactMap { number in
            let before = signal(number, SIG_IGN)
            // nohup has it ignored, so that work outlives its terminal.
            if number == SIGHUP, isIgnored(before) { return nil }
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler {
                if interruption.isRequested {
                    StagingArea.process.close(within: 0)
                    _exit(130)
                }
                interruption.request()
            }
            source.resume()
        }
    }

    func cancel() { for source in sources { source.cancel() } }
}
