import CZeroMQ
import Diagnostics
import Logging
import System

/// A Jupyter kernel: binds the sockets, answers until it is told to leave.
///
///     let server = try KernelServer(connection, interpreter: interpreter)
///     let departure = server.run()
package final class KernelServer: Sendable {
    private let channels: Channels
    private let kernel: Kernel
    private let attendant: Attendant
    /// With the ports that were bound, where the file left them open.
    package let connection: ConnectionFile

    /// Binds; nothing is answered before `run`.
    ///
    /// - Throws: `cannot-bind`, `unknown-signature-scheme`.
    package init(
        _ file: ConnectionFile, interpreter: any Interpreter, options: ServerOptions = ServerOptions(),
        logger: Logger = Logger(label: "lorikeet")
    ) throws {
        let signer = try Signer(scheme: file.signatureScheme, key: file.key)
        (channels, connection) = try Channels.bind(file)
        let attendant = Attendant(parent: options.parentProcess)
        self.attendant = attendant
        kernel = Kernel(
            interpreter: interpreter, codec: Codec(signer: signer, userName: userName()), channels: channels,
            connection: connection, options: options, logger: logger,
            stop: { attendant.leave($0) })
    }

    /// Serves on threads of its own; the calling thread minds signals and the parent process.
    ///
    /// It returns when the kernel should end, possibly while a cell still runs.
    package func run() -> Departure {
        if kernel.options.handlesSignals { attendant.installSignalHandlers() }
        start()
        let departure = attendant.wait(interrupt: { [kernel] in kernel.interrupt() })
        stop()
        return departure
    }

    /// Ends `run` from another thread.
    package func leave(_ departure: Departure) { attendant.leave(departure) }

    private func start() {
        kernel.publisher.start()
        kernel.publisher.starting()
        kernel.subshells.main.start(for: kernel)
        kernel.assistant.start()
        let shellHandlers = MessageRegistry.byType(MessageRegistry.shell)
        let controlHandlers = MessageRegistry.byType(MessageRegistry.control)
        channels.heartbeat.start { [channels] in channels.heartbeat.send($0) }
        channels.stdin.start { [kernel, channels] in kernel.receiveInput($0, on: channels.stdin) }
        channels.control.start { [kernel, channels] in
            kernel.receive($0, on: channels.control, handlers: controlHandlers)
        }
        channels.shell.start { [kernel, channels] in
            kernel.receive($0, on: channels.shell, handlers: shellHandlers)
        }
    }

    /// Seconds that an interrupted cell has to keep what it reached: front ends wait for five before they kill, and
    /// files that are being written want some of these.
    private static let moment = 2.5

    private func stop() {
        kernel.interrupt()
        kernel.executions.wait(atMost: Self.moment)
        kernel.history.finish()
        channels.stop()
    }
}

/// What an embedder may decide.
package struct ServerOptions: Sendable {
    /// Bytes of output of one cell before it is cut, with a notice.
    package var outputLimit = 16 << 20
    /// nil keeps the history in memory.
    package var historyPath: String?
    /// The process whose end ends the kernel.
    package var parentProcess: Int32?
    /// False in tests, where the process is not the kernel's own.
    package var handlesSignals = true
    package var commTargets = [CommTarget.echo]
    /// Milliseconds of a clock that never jumps, by which early messages grow old.
    package var now: @Sendable () -> Int = { monotonicMilliseconds() }

    package init() {}

    /// What the environment asks for: `JPY_PARENT_PID`, and the history in the state folder.
    package static func fromEnvironment() -> ServerOptions {
        var options = ServerOptions()
        options.parentProcess = environmentVariable("JPY_PARENT_PID").flatMap { Int32($0) }
        options.historyPath = UserFolders().state + "/history.sqlite"
        return options
    }
}
