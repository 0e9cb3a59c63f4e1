import Diagnostics
import JSON
import Logging
import System

/// Starts a kernel as a launcher asks for it: from a connection file or a registration file.
package enum KernelLaunch {
    /// Binds, registers where that is wanted, and writes the ports that the file left open.
    package static func server(
        file path: String, interpreter: any Interpreter, options: ServerOptions,
        logger: Logger = Logger(label: "lorikeet")
    ) throws -> KernelServer {
        if let warning = permissionWarning(for: path) { logger.warning("\(warning)") }
        var file = try ConnectionFile(path: path)
        let registration = Registration(file.fields)
        if registration != nil { file.ports = ConnectionFile.Ports() }
        let server = try KernelServer(file, interpreter: interpreter, options: options, logger: logger)
        guard server.connection.ports != file.ports else { return server }
        try AtomicFile.write(
            server.connection.described().utf8(indent: 2), to: path, mode: 0o600)
        try registration?.register(server.connection)
        return server
    }
}
