import Diagnostics
import Fetching
import Foundation
import TestScratch
import Testing

@Suite struct CurlClientTests {
    private let scratch: Scratch
    private let client = CurlClient()
    private let interruption = Interruption()

    init() throws { scratch = try Scratch() }

    private func text(_ address: String, token: String? = nil) throws -> String {
        String(
            decoding: try client.text(of: address, token: token, interruption: interruption), as: UTF8.self)
    }

    private func diagnostic(of work: () throws -> some Any) -> Diagnostic? {
        do {
            _ = try work()
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    @Test func anAnswerComesByteForByte() throws {
        let body = "Grüße\r\n\0 status 404\n"
        let server = try LoopbackServer { _ in LoopbackServer.ok(body) }
        #expect(try text("\(server.address)/a{b}[1-3]?c=\"d\"&e=\\f") == body)
        #expect(server.seen.first?.hasPrefix("GET /a{b}[1-3]?c=\"d\"&e=\\f HTTP/1.1\r\n") == true)
        #expect(server.seen.first?.contains("Authorization") == false)
    }

    @Test func aFileIsSavedAndItsProgressTold() throws {
        let body = String(repeating: "0123456789", count: 100_000)
        let server = try LoopbackServer { _ in LoopbackServer.ok(body) }
        let path = "\(scratch.path)/file"
        var told: [Int] = []
        try client.save(server.address, to: path, token: nil, interruption: interruption) { told.append($0) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == body)
        #expect(told == told.sorted() && told.allSatisfy { $0 <= body.utf8.count })
    }

    @Test(arguments: [("404 Not Found", "check the name"), ("401 No", "HF_TOKEN"), ("503 Later", "later")])
    func aStatusIsADiagnostic(status: String, hint: String) throws {
        let server = try LoopbackServer { _ in LoopbackServer.status(status) }
        let path = "\(scratch.path)/file"
        let found = diagnostic {
            try client.save(server.address, to: path, token: nil, interruption: interruption) { _ in }
        }
        #expect(found?.code == "web-status")
        #expect(found?.message.contains("status \(status.prefix(3))") == true)
        #expect(found?.hint?.contains(hint) == true)
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aTokenStaysWithTheHostItIsFor() throws {
        let other = try LoopbackServer { _ in LoopbackServer.ok("there") }
        let elsewhere = other.address.replacing("127.0.0.1", with: "localhost")
        let server = try LoopbackServer { _ in
            LoopbackServer.status("302 Found", headers: "Location: \(elsewhere)/x\r\n")
        }
        #expect(try text(server.address, token: "secret\n") == "there")
        #expect(server.seen.first?.contains("Authorization: Bearer secret\r\n") == true)
        #expect(other.seen.count == 1 && other.seen.first?.contains("secret") == false)
    }

    @Test func whatIsCutOffIsNotKept() throws {
        let server = try LoopbackServer { _ in "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort" }
        let path = "\(scratch.path)/file"
        #expect(
            code {
                try client.save(server.address, to: path, token: nil, interruption: interruption) { _ in }
            } == "no-network")
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aDownloadCanBeInterrupted() throws {
        let server = try LoopbackServer { [interruption] _ in
            interruption.request()
            return nil
        }
        #expect(throws: Interrupted.self) { try text(server.address) }
    }

    @Test(arguments: ["http://127.0.0.1:9", "http://127.0.0.1:9/x"])
    func nobodyThereIsNoNetwork(address: String) {
        let found = diagnostic { try text(address) }
        #expect(found?.code == "no-network")
        #expect(found?.message.hasPrefix("\(address) could not be fetched: Failed to connect") == true)
    }

    @Test(arguments: ["", "no address", "file:///etc/passwd", "http://a\nurl = \"http://b\""])
    func whatIsNoWebAddressIsRefused(address: String) {
        let found = code { try text(address) }
        #expect(found == "web-status" || found == "no-network")
    }

    @Test func withoutCurlTheMessageSaysSo() {
        #expect(
            code {
                try CurlClient(program: nil).text(
                    of: "http://127.0.0.1:9", token: nil, interruption: interruption)
            } == "no-curl")
    }
}
