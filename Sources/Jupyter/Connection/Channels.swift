import CZeroMQ
import Diagnostics
import System

/// The five bound sockets of a kernel.
struct Channels: Sendable {
    let shell: Channel
    let control: Channel
    let stdin: Channel
    let iopub: Channel
    let heartbeat: Channel
    private let context: ZeroMQContext

    /// Frames larger than this close the connection they came on.
    static let largestFrame: Int64 = 256 << 20

    /// - Returns: the channels, and the file with the ports that were chosen.
    static func bind(_ file: ConnectionFile) throws -> (Channels, ConnectionFile) {
        let context = ZeroMQContext()
        var bound = file
        func channel(
            _ name: String, _ kind: Int32, _ port: WritableKeyPath<ConnectionFile.Ports, Int>
        ) throws -> Channel {
            let socket = try context.socket(kind)
            try configure(socket, kind, curve: file.curve)
            if name == "stdin" { socket.set(ZMQ_ROUTER_MANDATORY, Int32(1)) }
            if file.ip.contains(":") { socket.set(ZMQ_IPV6, Int32(1)) }
            bound.ports[keyPath: port] = try socket.bind(file, port: file.ports[keyPath: port])
            return Channel(name, socket)
        }
        let channels = Channels(
            shell: try channel("shell", ZMQ_ROUTER, \.shell),
            control: try channel("control", ZMQ_ROUTER, \.control),
            stdin: try channel("stdin", ZMQ_ROUTER, \.stdin),
            iopub: try channel("iopub", ZMQ_XPUB, \.iopub),
            heartbeat: try channel("heartbeat", ZMQ_ROUTER, \.heartbeat), context: context)
        return (channels, bound)
    }

    /// Ends every thread, then the sockets; replies that were sent still go out.
    func stop() {
        for channel in [heartbeat, stdin, shell, control, iopub] { channel.stop() }
        context.terminate()
    }

    /// No high-water mark: ZeroMQ's default of 1000 messages silently drops output.
    private static func configure(
        _ socket: Socket, _ kind: Int32, curve: ConnectionFile.CurveKeys?
    ) throws {
        socket.set(ZMQ_SNDHWM, Int32(0))
        socket.set(ZMQ_RCVHWM, Int32(0))
        socket.set(ZMQ_LINGER, Int32(500))
        socket.set(ZMQ_MAXMSGSIZE, largestFrame)
        if kind == ZMQ_ROUTER { socket.set(ZMQ_ROUTER_HANDOVER, Int32(1)) }
        if kind == ZMQ_XPUB { socket.set(ZMQ_XPUB_VERBOSE, Int32(1)) }
        if let curve {
            socket.set(ZMQ_CURVE_SERVER, Int32(1))
            try socket.set(ZMQ_CURVE_SECRETKEY, curve.secretKey)
        }
    }
}

extension Socket {
    /// - Returns: the port, which the system chose where 0 was asked for.
    fileprivate func bind(_ file: ConnectionFile, port: Int) throws -> Int {
        guard port == 0 else {
            try bind(file.endpoint(port: port))
            return port
        }
        if file.transport == "tcp" {
            try bind(file.endpoint(port: 0))
            let digits = boundEndpoint.split(separator: ":").last
            return digits.flatMap { Int($0) } ?? 0
        }
        for candidate in 1...65535 where !fileExists("\(file.ip)-\(candidate)") {
            try bind(file.endpoint(port: candidate))
            return candidate
        }
        throw Diagnostic("cannot-bind", "no free name for a socket beside \(file.ip)")
    }
}
