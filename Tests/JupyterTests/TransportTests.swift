import CZeroMQ
import Diagnostics
import Glibc
import JSON
import Jupyter
import System
import Testing

@Suite struct TransportTests {
    @Test func ipcWorks() throws {
        var template = Array("/tmp/lorikeet-ipc-XXXXXX".utf8CString)
        let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
        defer { rmdir(folder) }
        do {
            let kernel = try RunningKernel(["transport": "ipc", "ip": .string(folder + "/s"), "key": "k"])
            #expect(try kernel.client().execute("value 1").reply.status == "ok")
            kernel.server.leave(.shutdown(restart: false))
            #expect(kernel.waitForEnd() == .shutdown(restart: false))
        }
    }

    @Test func curveEncryptsEveryChannelAndStrangersStayOutside() throws {
        var open = [CChar](repeating: 0, count: 41)
        var secret = [CChar](repeating: 0, count: 41)
        zmq_curve_keypair(&open, &secret)
        let publicKey = String(decoding: open.dropLast().map { UInt8($0) }, as: UTF8.self)
        let secretKey = String(decoding: secret.dropLast().map { UInt8($0) }, as: UTF8.self)
        let kernel = try RunningKernel([
            "key": "k", "curve_publickey": .string(publicKey), "curve_secretkey": .string(secretKey),
        ])
        let client = try Client(kernel.connection, serverKey: publicKey)
        try client.waitForWelcome()
        #expect(try client.execute("value 1").reply.status == "ok")
        client.send([[1, 2]], on: .heartbeat)
        #expect(client.receiveFrames(on: .heartbeat) == [[1, 2]])
        let stranger = try Client(kernel.connection)
        stranger.send("kernel_info_request", on: .control)
        #expect(stranger.receiveFrames(on: .control, seconds: 0.3) == nil)
    }

    @Test func aRegistrationFileIsAnsweredWithTheChosenPorts() throws {
        let launcher = try ZeroMQContext().socket(ZMQ_ROUTER)
        try launcher.bind("tcp://127.0.0.1:*")
        let port = try #require(launcher.boundEndpoint.split(separator: ":").last.flatMap { Int($0) })
        var template = Array("/tmp/lorikeet-registration-XXXXXX".utf8CString)
        close(mkstemp(&template))
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let fields: JSON = [
            "transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256",
            "kernel_id": "kernel-7", "registration_ip": "127.0.0.1", "registration_port": .integer(port),
        ]
        let text = fields.text()
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
        PlainThread("launch") {
            do {
                let server = try KernelLaunch.server(
                    file: path, interpreter: SmallInterpreter(), options: RunningKernel.options)
                _ = server.run()
            } catch { Issue.record(error) }
        }.detach()

        var announced: [[UInt8]]?
        while announced == nil {
            var polled = pollfd(fd: launcher.descriptor, events: Int16(POLLIN), revents: 0)
            poll(&polled, 1, 50)
            if launcher.hasInput { announced = launcher.receive() }
        }
        let frames = try #require(announced)
        #expect(frames.count == 4)
        let content = try JSON(parsing: frames[3])
        #expect(content["kernel_id"] == "kernel-7")
        func chosen(_ name: String) -> Int { content["\(name)_port"]?.string.flatMap { Int($0) } ?? 0 }
        var connection = ConnectionFile(
            ports: .init(
                shell: chosen("shell"), control: chosen("control"), stdin: chosen("stdin"),
                iopub: chosen("iopub"), heartbeat: chosen("hb")), key: "k")
        connection.ip = "127.0.0.1"
        let client = try Client(connection)
        #expect(frames[2] == client.signature(of: [frames[3]]))
        let receipt = Array("ACK".utf8)
        launcher.send([frames[0], frames[1], client.signature(of: [receipt]), receipt])
        try client.waitForWelcome()
        #expect(try client.execute("value 1").reply.status == "ok")
        #expect(try ConnectionFile(path: path).ports == connection.ports)
        client.send("shutdown_request", on: .control)
    }

    @Test func aPortThatIsTakenIsADiagnostic() throws {
        let kernel = try RunningKernel()
        let taken: JSON = ["key": "k", "shell_port": .integer(kernel.connection.ports.shell)]
        #expect(throws: Diagnostic.self) { try RunningKernel(taken) }
    }

    @Test func badConnectionFilesAreExplained() throws {
        for fields: JSON in [
            [1], ["transport": "pigeon"], ["shell_port": 70000], ["shell_port": -1],
        ] {
            #expect(throws: Diagnostic.self) { try ConnectionFile(fields) }
        }
        #expect(throws: Diagnostic.self) {
            try RunningKernel(["key": "k", "signature_scheme": "rot13"])
        }
        #expect(throws: Diagnostic.self) { try ConnectionFile(path: "/nowhere.json") }
    }
}
