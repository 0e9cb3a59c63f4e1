import Glibc
import JSON
import Jupyter
import Testing

@Suite struct SecurityTests {
    private static let info: [JSON] = [
        ["msg_id": "m", "msg_type": "kernel_info_request"], [:], [:], [:],
    ]

    @Test func aWrongKeyIsNotObeyed() throws {
        let kernel = try RunningKernel()
        let stranger = try Client(kernel.connection, key: "guess")
        stranger.send("kernel_info_request", on: .control)
        // Answers on the same socket come in turn: with two of a friend's, the stranger's had its time.
        let friend = try kernel.client()
        for _ in 0..<2 { #expect(try friend.ask("kernel_info_request", on: .control).status == "ok") }
        #expect(stranger.receiveFrames(on: .control, seconds: 0.2) == nil)
    }

    @Test func aReplayedMessageIsNotObeyed() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let frames = client.frames(of: Self.info.map { $0.utf8() })
        client.send(frames)
        #expect(client.receiveFrames(on: .shell) != nil)
        var shouted = frames
        shouted[1] = Array(String(decoding: frames[1], as: UTF8.self).uppercased().utf8)
        for copy in [frames, shouted] {
            client.send(copy)
            client.send(copy, on: .control)
        }
        // Answers come in the order of the questions: one to a copy would come before these.
        for channel in [Client.Channel.shell, .control] {
            let id = client.send("kernel_info_request", on: channel)
            #expect(try client.receive(on: channel).parentID == id)
        }
    }

    @Test func anEmptyKeyMeansUnsigned() throws {
        let kernel = try RunningKernel(["key": ""])
        let client = try kernel.client()
        #expect(try client.execute("value 1").reply.status == "ok")
        let frames = client.frames(of: Self.info.map { $0.utf8() })
        for _ in 0..<2 {
            client.send(frames)
            #expect(client.receiveFrames(on: .shell) != nil)
        }
    }

    @Test func malformedMessagesAreDroppedAndTheLoopGoesOn() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let json = Self.info.map { $0.utf8() }
        let deep = Array((String(repeating: "[", count: 100_000)).utf8)
        let bad: [[[UInt8]]] = [
            [], [[]], [[1, 2, 3]], [Array("<IDS|MSG>".utf8)], [Array("<IDS|MSG>".utf8), []],
            client.frames(of: Array(json.prefix(3))),
            client.frames(of: [[0xFF, 0xFE]] + json.dropFirst()),
            client.frames(of: [deep] + json.dropFirst()),
            client.frames(of: [Array("[]".utf8)] + json.dropFirst()),
            client.frames(of: [Array("{}".utf8)] + json.dropFirst()),
            client.frames(of: [Array(#"{"msg_id":1,"msg_type":2}"#.utf8)] + json.dropFirst()),
            client.frames(of: json.dropLast() + [Array("null".utf8)]),
        ]
        for frames in bad {
            for channel in [Client.Channel.shell, .control, .stdin] { client.send(frames, on: channel) }
        }
        #expect(try client.ask("kernel_info_request").status == "ok")
        #expect(try client.ask("kernel_info_request", on: .control).status == "ok")
        let id = client.sendCell("ask still")
        _ = try client.receive(on: .stdin)
        client.send("input_reply", ["value": "here"], on: .stdin)
        #expect(try client.reply(to: id).status == "ok")
    }

    @Test func aReadableConnectionFileIsWarnedOf() throws {
        var template = Array("/tmp/lorikeet-file-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        close(file)
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        #expect(permissionWarning(for: path) == nil)
        chmod(path, 0o644)
        #expect(permissionWarning(for: path)?.contains("644") == true)
    }

    @Test func onlyTheGivenAddressIsListenedOn() throws {
        let kernel = try RunningKernel(["key": "k", "ip": "127.0.0.7"])
        let ports = kernel.connection.ports
        for port in [ports.shell, ports.control, ports.stdin, ports.iopub, ports.heartbeat] {
            #expect(connects("127.0.0.7", port))
            #expect(!connects("127.0.0.1", port))
        }
    }

    private func connects(_ ip: String, _ port: Int) -> Bool {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, ip, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
