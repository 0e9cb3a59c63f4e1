import Glibc
import JSON
import Jupyter
import Logging
import Synchronization
import System

/// A server on ports of its own inside the test's process; ended when the test lets go of it.
final class RunningKernel: Sendable {
    let server: KernelServer
    let connection: ConnectionFile
    private let thread: PlainThread
    private let end: End

    init(
        _ fields: JSON = ["key": "secret"], options: ServerOptions = RunningKernel.options,
        log: any LogHandler = SwiftLogNoOpLogHandler()
    ) throws {
        let server = try KernelServer(
            ConnectionFile(fields), interpreter: SmallInterpreter(), options: options,
            logger: Logger(label: "test") { _ in log })
        self.server = server
        connection = server.connection
        let end = End()
        self.end = end
        thread = PlainThread("server") { end.reason.withLock { $0 = server.run() } }
    }

    deinit {
        server.leave(.shutdown(restart: false))
        thread.detach()
    }

    /// Why the server ended; waits for it.
    func waitForEnd() -> Departure? {
        while true {
            if let reason = end.reason.withLock({ $0 }) { return reason }
            usleep(1000)
        }
    }

    private final class End: Sendable {
        let reason = Mutex<Departure?>(nil)
    }

    static var options: ServerOptions {
        var options = ServerOptions()
        options.handlesSignals = false
        return options
    }

    /// A client whose subscription is in place; it keeps the kernel alive.
    func client() throws -> Client {
        let client = try Client(connection)
        client.kernel = self
        try client.waitForWelcome()
        return client
    }
}
