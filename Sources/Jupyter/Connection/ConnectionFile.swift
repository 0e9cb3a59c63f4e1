import Diagnostics
import JSON
import System

/// What a launcher hands a kernel: where to listen and how to sign.
package struct ConnectionFile: Sendable {
    package var transport = "tcp"
    package var ip = "127.0.0.1"
    /// 0 lets the system choose; the file is then written anew.
    package var ports: Ports
    package var signatureScheme = "hmac-sha256"
    package var key = ""
    /// The server's half of CurveZMQ, in Z85; nil leaves the sockets unencrypted.
    package var curve: CurveKeys?
    /// Everything the file said, unknown fields included.
    package var fields: JSON = [:]

    package struct Ports: Sendable, Equatable {
        package var shell = 0
        package var control = 0
        package var stdin = 0
        package var iopub = 0
        package var heartbeat = 0

        package init(shell: Int = 0, control: Int = 0, stdin: Int = 0, iopub: Int = 0, heartbeat: Int = 0) {
            self.shell = shell
            self.control = control
            self.stdin = stdin
            self.iopub = iopub
            self.heartbeat = heartbeat
        }

        /// The fields of the file, in the order in which the channels are bound.
        static let fields: [(String, WritableKeyPath<Ports, Int> & Sendable)] = [
            ("shell_port", \.shell), ("control_port", \.control), ("stdin_port", \.stdin),
            ("iopub_port", \.iopub), ("hb_port", \.heartbeat),
        ]
    }

    package struct CurveKeys: Sendable {
        var publicKey: String
        var secretKey: String
    }

    package init(ports: Ports = Ports(), key: String = "") {
        self.ports = ports
        self.key = key
    }

    /// - Throws: `bad-connection-file` with the field that is wrong.
    package init(_ fields: JSON) throws {
        guard fields.object != nil else {
            throw Diagnostic("bad-connection-file", "the connection file is not a JSON object")
        }
        self.fields = fields
        ports = Ports()
        transport = fields["transport"]?.string ?? transport
        ip = fields["ip"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? ip
        signatureScheme =
            fields["signature_scheme"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? signatureScheme
        key = fields["key"]?.string ?? ""
        guard ["tcp", "ipc"].contains(transport) else {
            throw Diagnostic("bad-connection-file", "the transport is \(transport), expected tcp or ipc")
        }
        for (name, path) in Ports.fields {
            let port = fields[name]?.integer ?? fields[name]?.string.flatMap { Int($0) } ?? 0
            guard (0...65535).contains(port) else {
                throw Diagnostic("bad-connection-file", "\(name) is \(port), expected 0 to 65535")
            }
            ports[keyPath: path] = port
        }
        if let secret = fields["curve_secretkey"]?.string, let open = fields["curve_publickey"]?.string {
            curve = CurveKeys(publicKey: open, secretKey: secret)
        }
    }

    package init(path: String) throws {
        try self.init(JSON(parsing: try readFile(path)))
    }

    /// The address of one channel.
    func endpoint(port: Int) -> String {
        if transport == "ipc" { return "ipc://\(ip)-\(port)" }
        let host = ip.contains(":") && !ip.hasPrefix("[") ? "[\(ip)]" : ip
        return "tcp://\(host):\(port == 0 ? "*" : String(port))"
    }

    /// The file's own fields with the ports that were bound.
    func described() -> JSON {
        var object = fields.object ?? JSONObject()
        object["transport"] = .string(transport)
        object["ip"] = .string(ip)
        object["signature_scheme"] = .string(signatureScheme)
        object["key"] = .string(key)
        for (name, path) in Ports.fields { object[name] = .integer(ports[keyPath: path]) }
        return .object(object)
    }
}
