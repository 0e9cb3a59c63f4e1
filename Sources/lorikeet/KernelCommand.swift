import ArgumentParser
import Commands
import Diagnostics
import Jupyter
import System

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// `lorikeet kernel -f FILE`: what Jupyter starts.
struct KernelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernel", abstract: "Serves a Jupyter front end.")

    @Option(name: .shortAndLong, help: "The connection or registration file that Jupyter wrote.")
    var file: String

    func run() throws {
        try explained {
            let server = try KernelLaunch.server(
                file: file, interpreter: LorikeetInterpreter(), options: .fromEnvironment())
            let departure = server.run()
            endChildren()
            StagingArea.process.close(within: Self.moment)
            // A cell may still run in another thread: nothing of it may be torn down under it.
            _exit(status(of: departure))
        }
    }

    /// Seconds that a running save has to finish: front ends wait for five.
    private static let moment = 2.0

    private func status(of departure: Departure) -> Int32 {
        switch departure {
        case .shutdown, .orphaned: 0
        case .signalled(let number): 128 + number
        }
    }

    /// What a cell started goes with the kernel: our children lead process groups of their own, and
    /// Jupyter starts a kernel as the leader of one.
    private func endChildren() {
        ChildProcess.endAll()
        guard getpgrp() == getpid() else { return }
        signal(SIGTERM, SIG_IGN)
        kill(0, SIGTERM)
    }
}
