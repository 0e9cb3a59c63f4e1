import JSON
import Jupyter
import Logging

/// A server on ports of its own inside the test's process; ended when the test lets go of it.
final class RunningKernel: Sendable {
    let server: KernelServer
    let connection: ConnectionFile

    init(_ fields: JSON = ["key": "secret"], options: ServerOptions = RunningKernel.options) throws {
        let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = try KernelServer(
            ConnectionFile(fields), interpreter: SmallInterpreter(), options: options, logger: silent)
        self.server = server
        connection = server.connection
        Thread("server") { _ = server.run() }.detach()
    }

    deinit { server.leave(.shutdown(restart: false)) }

    static var options: ServerOptions {
        var options = ServerOptions()
        options.handlesSignals = false
        return options
    }

    /// A client whose subscription is in place.
    func client() throws -> Client {
        let client = try Client(connection)
        try client.waitForWelcome()
        return client
    }
}
