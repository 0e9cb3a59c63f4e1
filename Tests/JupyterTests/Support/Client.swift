import CZeroMQ
import Crypto
import Diagnostics
import Glibc
import JSON
import Jupyter

/// A front end of our own: builds and signs its messages without the kernel's code.
final class Client: @unchecked Sendable {
    struct Reply {
        var type: String
        var header: JSON
        var parent: JSON
        var metadata: JSON
        var content: JSON
        var buffers: [[UInt8]]

        var status: String? { content["status"]?.string }
        var parentID: String? { parent["msg_id"]?.string }
    }

    enum Channel: Int { case shell, control, stdin, iopub, heartbeat }

    let session = "client-\(UInt64.random(in: 0 ... .max))"
    /// Kept alive as long as the client.
    var kernel: RunningKernel?
    private let context = ZeroMQContext()
    private var sockets: [Socket] = []
    private let key: String
    private var count = 0
    private var unread: [String: Reply] = [:]

    private let file: ConnectionFile

    /// - `listens`: false leaves iopub unconnected until `listen` is called.
    init(
        _ file: ConnectionFile, key: String? = nil, serverKey: String? = nil, listens: Bool = true
    ) throws {
        self.key = key ?? file.key
        self.file = file
        let kinds = [ZMQ_DEALER, ZMQ_DEALER, ZMQ_DEALER, ZMQ_SUB, ZMQ_DEALER]
        for kind in kinds {
            let socket = try context.socket(kind)
            socket.set(ZMQ_LINGER, Int32(0))
            socket.set(ZMQ_RCVHWM, Int32(0))
            socket.set(ZMQ_SNDHWM, Int32(0))
            if kind == ZMQ_DEALER { try socket.set(ZMQ_ROUTING_ID, session) }
            if kind == ZMQ_SUB { try socket.set(ZMQ_SUBSCRIBE, "") }
            if let serverKey { try encrypt(socket, serverKey) }
            sockets.append(socket)
        }
        for channel in [Channel.shell, .control, .stdin, .heartbeat] { try connect(channel) }
        if listens { try listen() }
    }

    /// Subscribes to iopub.
    func listen() throws { try connect(.iopub) }

    private func connect(_ channel: Channel) throws {
        let ports = file.ports
        let port =
            switch channel {
            case .shell: ports.shell
            case .control: ports.control
            case .stdin: ports.stdin
            case .iopub: ports.iopub
            case .heartbeat: ports.heartbeat
            }
        try sockets[channel.rawValue].connect(
            file.transport == "ipc" ? "ipc://\(file.ip)-\(port)" : "tcp://\(file.ip):\(port)")
    }

    private func encrypt(_ socket: Socket, _ serverKey: String) throws {
        var open = [CChar](repeating: 0, count: 41)
        var secret = [CChar](repeating: 0, count: 41)
        zmq_curve_keypair(&open, &secret)
        try socket.set(ZMQ_CURVE_SERVERKEY, serverKey)
        try socket.set(
            ZMQ_CURVE_PUBLICKEY, String(decoding: open.dropLast().map { UInt8($0) }, as: UTF8.self))
        try socket.set(
            ZMQ_CURVE_SECRETKEY, String(decoding: secret.dropLast().map { UInt8($0) }, as: UTF8.self))
    }

    // MARK: - Sending

    @discardableResult
    func send(
        _ type: String, _ content: JSON = [:], on channel: Channel = .shell, header: JSONObject = [:],
        parent: JSON = [:], metadata: JSON = [:], buffers: [[UInt8]] = []
    ) -> String {
        count += 1
        let id = "\(session)-\(count)"
        var fields: JSONObject = [
            "msg_id": .string(id), "msg_type": .string(type), "session": .string(session),
            "username": "tester",
            "version": "5.3", "date": "2025-01-01T00:00:00Z",
        ]
        for (name, value) in header { fields[name] = value }
        send(
            frames(of: [.object(fields), parent, metadata, content].map { $0.utf8() }) + buffers, on: channel)
        return id
    }

    /// Delimiter, signature and the four JSON frames.
    func frames(of json: [[UInt8]]) -> [[UInt8]] {
        [Array("<IDS|MSG>".utf8), signature(of: json)] + json
    }

    func signature(of json: [[UInt8]]) -> [UInt8] {
        guard !key.isEmpty else { return [] }
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(key.utf8)))
        for frame in json { code.update(data: frame) }
        return code.finalize().flatMap { byte in
            let text = String(byte, radix: 16)
            return Array((text.count < 2 ? "0" + text : text).utf8)
        }
    }

    func send(_ frames: [[UInt8]], on channel: Channel = .shell) {
        sockets[channel.rawValue].send(frames)
    }

    // MARK: - Receiving

    func receiveFrames(on channel: Channel, seconds: Double = 60) -> [[UInt8]]? {
        let socket = sockets[channel.rawValue]
        var remaining = Int32(seconds * 1000)
        while true {
            if socket.hasInput, let frames = socket.receive() { return frames }
            guard remaining > 0 else { return nil }
            var polled = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
            let slice = min(remaining, 50)
            poll(&polled, 1, slice)
            remaining -= polled.revents == 0 ? slice : 0
        }
    }

    func receive(on channel: Channel = .shell, seconds: Double = 60) throws -> Reply {
        guard let frames = receiveFrames(on: channel, seconds: seconds) else {
            throw Diagnostic("silence", "nothing on \(channel) for \(seconds) s")
        }
        guard let delimiter = frames.firstIndex(of: Array("<IDS|MSG>".utf8)),
            frames.count >= delimiter + 6
        else {
            throw Diagnostic("malformed", "\(frames.count) frames")
        }
        let json = Array(frames[(delimiter + 2)..<(delimiter + 6)])
        guard frames[delimiter + 1] == signature(of: json) else {
            throw Diagnostic("unsigned", "the kernel's signature is wrong")
        }
        let parts = try json.map { try JSON(parsing: $0) }
        return Reply(
            type: parts[0]["msg_type"]?.string ?? "", header: parts[0], parent: parts[1],
            metadata: parts[2],
            content: parts[3], buffers: Array(frames[(delimiter + 6)...]))
    }

    /// The reply to a request; others are kept until they are asked for.
    func ask(
        _ type: String, _ content: JSON = [:], on channel: Channel = .shell, header: JSONObject = [:]
    )
        throws -> Reply
    {
        try reply(to: send(type, content, on: channel, header: header), on: channel)
    }

    func reply(to id: String, on channel: Channel = .shell) throws -> Reply {
        while true {
            if let reply = unread.removeValue(forKey: id) { return reply }
            let reply = try receive(on: channel)
            unread[reply.parentID ?? ""] = reply
        }
    }

    /// The iopub messages of a request from its busy to its idle.
    func outputs(of id: String) throws -> [Reply] {
        var seen: [Reply] = []
        while true {
            let message = try receive(on: .iopub)
            guard message.parentID == id else { continue }
            seen.append(message)
            if message.content["execution_state"]?.string == "idle" { return seen }
        }
    }

    /// Waits until the subscription is in place, so that no output is missed.
    func waitForWelcome() throws {
        while try receive(on: .iopub).type != "iopub_welcome" {}
    }

    /// Runs a cell to its idle.
    func execute(_ code: String, _ more: JSONObject = [:]) throws -> (reply: Reply, outputs: [Reply]) {
        let id = sendCell(code, more)
        return (try reply(to: id), try outputs(of: id))
    }

    func sendCell(_ code: String, _ more: JSONObject = [:], header: JSONObject = [:]) -> String {
        var content: JSONObject = ["code": .string(code)]
        for (name, value) in more { content[name] = value }
        return send("execute_request", .object(content), header: header)
    }
}
