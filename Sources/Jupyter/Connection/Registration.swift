import CZeroMQ
import Diagnostics
import JSON
import System

/// The start-up handshake of protocol 5.6: the kernel chooses its ports and tells its launcher.
///
/// A registration file holds `registration_ip`, `registration_port`, `kernel_id`, the signature
/// scheme and the key. The kernel sends `<IDS|MSG> | signature | {"kernel_id", "shell_port", …}` and
/// waits for a signed receipt (JEP 66). Ports travel as text; what the receipt says is the launcher's affair.
package struct Registration: Sendable {
    private let ip: String
    private let port: Int
    private let kernelID: String
    private let transport: String

    /// Seconds until a launcher that does not answer is given up.
    static let patience = 10

    /// nil for an ordinary connection file.
    package init?(_ fields: JSON) {
        guard
            let port = fields["registration_port"]?.integer
                ?? fields["registration_port"]?.string.flatMap({ Int($0) })
        else { return nil }
        self.port = port
        transport = fields["transport"]?.string ?? "tcp"
        ip = fields["registration_ip"]?.string ?? fields["ip"]?.string ?? "127.0.0.1"
        kernelID = fields["kernel_id"]?.string ?? ""
    }

    /// Tells the launcher where the kernel listens, and waits for its receipt.
    ///
    /// - Throws: `not-registered` when none comes, or one that is not signed with the file's key.
    package func register(_ bound: ConnectionFile) throws {
        let signer = try Signer(scheme: bound.signatureScheme, key: bound.key)
        let socket = try ZeroMQContext().socket(ZMQ_DEALER)
        socket.set(ZMQ_LINGER, Int32(500))
        if ip.contains(":") { socket.set(ZMQ_IPV6, Int32(1)) }
        try socket.connect(launcher.endpoint(port: port))
        let content = announcement(of: bound).utf8()
        socket.send([Codec.delimiter, signer.signature(of: [content]), content])
        let end = monotonicMilliseconds() + Self.patience * 1000
        while monotonicMilliseconds() < end {
            if socket.hasInput, let frames = socket.receive() {
                try check(frames, signer)
                return
            }
            waitReadable([socket.descriptor], milliseconds: Int32(max(0, end - monotonicMilliseconds())))
        }
        throw Diagnostic("not-registered", "the launcher at \(ip):\(port) did not answer")
    }

    /// Where the launcher listens, written as the kernel's own channels are.
    private var launcher: ConnectionFile {
        var file = ConnectionFile()
        file.transport = transport
        file.ip = ip
        return file
    }

    private func announcement(of bound: ConnectionFile) -> JSON {
        let ports = ConnectionFile.Ports.fields.map { name, path in
            (name, JSON.string(String(bound.ports[keyPath: path])))
        }
        return .object(JSONObject([("kernel_id", .string(kernelID))] + ports))
    }

    private func check(_ frames: [[UInt8]], _ signer: Signer) throws {
        guard let delimiter = frames.firstIndex(of: Codec.delimiter), frames.count == delimiter + 3,
            signer.isValid(frames[delimiter + 1], of: [frames[delimiter + 2]])
        else { throw Diagnostic("not-registered", "the launcher's receipt is malformed or wrongly signed") }
    }
}
