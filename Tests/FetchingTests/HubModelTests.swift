import Crypto
import Diagnostics
import Fetching
import Foundation
import Synchronization
import TestScratch
import Testing

/// A hub made of a dictionary.
private final class StubHub: WebClient {
    let answers: [String: String]
    private let asked = Mutex<[String]>([])

    init(_ answers: [String: String]) { self.answers = answers }

    var addresses: [String] { asked.withLock { $0 } }

    func text(of address: String, token: String?, interruption: Interruption) throws -> [UInt8] {
        asked.withLock { $0.append(address) }
        try interruption.check()
        guard let answer = answers[address] else { throw Self.failure(status: 404, of: address) }
        return Array(answer.utf8)
    }

    func save(
        _ address: String, to path: String, token: String?, interruption: Interruption,
        progress: (Int) -> Void
    ) throws {
        let body = try text(of: address, token: token, interruption: interruption)
        try Data(body).write(to: URL(fileURLWithPath: path))
    }
}

@Suite struct HubModelTests {
    private let scratch: Scratch
    private static let weights = "pretend weights"
    private static let listing = """
        {"sha": "c0ffee", "siblings": [
          {"rfilename": "config.json", "size": 3, "blobId": "0967ef424bce6791893e9a57bb952f80fd536e93"},
          {"rfilename": "model.safetensors", "size": 15, "blobId": "x", "lfs": {"sha256": "DIGEST"}},
          {"rfilename": "../../escape.json", "size": 1, "blobId": "x"},
          {"rfilename": "pytorch_model.bin", "size": 1, "blobId": "x"}]}
        """

    init() throws { scratch = try Scratch() }

    private func hub(digest: String? = nil) -> StubHub {
        let right = SHA256.hash(data: Data(Self.weights.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return StubHub([
            "https://huggingface.co/api/models/owner/tiny/revision/main?blobs=true":
                Self.listing.replacing("DIGEST", with: digest ?? right.joined()),
            "https://huggingface.co/owner/tiny/resolve/c0ffee/config.json": "{}\n",
            "https://huggingface.co/owner/tiny/resolve/c0ffee/model.safetensors": Self.weights,
        ])
    }

    private func fetch(_ hub: StubHub, _ name: String = "owner/tiny") throws -> String {
        try HubModel(name).fetch(in: scratch.fetching(by: hub, environment: ["HOME": scratch.path]))
    }

    @Test func onlyWhatIsNeededIsFetchedOnce() throws {
        let hub = hub()
        let folder = try fetch(hub)
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: folder)) == [
                "config.json", "model.safetensors",
            ])
        let asked = hub.addresses.count
        #expect(asked == 3)
        #expect(try fetch(hub) == folder)
        #expect(hub.addresses.count == asked)
    }

    @Test func aWrongDigestKeepsNothing() {
        let hub = hub(digest: String(repeating: "0", count: 64))
        #expect(code { try fetch(hub) } == "wrong-sha256")
        #expect(!FileManager.default.fileExists(atPath: scratch.cache.place("models")))
    }

    @Test func aModelThatIsNotThereSaysSo() {
        #expect(code { try fetch(hub(), "owner/other") } == "web-status")
    }

    @Test func aCopyOfOtherToolsIsUsed() throws {
        let folder = ".cache/huggingface/hub/models--owner--tiny"
        _ = try scratch.file("\(folder)/refs/main", "abc\n")
        let config = try scratch.file("\(folder)/snapshots/abc/config.json", "{}")
        _ = try scratch.file("\(folder)/snapshots/abc/model.safetensors", "")
        let hub = hub()
        #expect(try fetch(hub) == (config as NSString).deletingLastPathComponent)
        #expect(hub.addresses.isEmpty)
    }

    @Test(arguments: ["../etc", "a/b/c", "", "a b", "x/../y", "https://x"])
    func whatCannotBeANameIsRefused(name: String) {
        #expect(!HubModel.isName(name))
        #expect(code { try fetch(hub(), name) } == "bad-name")
    }

    @Test func withoutANetworkTheMessageSaysSo() {
        let context = scratch.fetching(
            by: CurlClient(), environment: ["HOME": scratch.path, "HF_ENDPOINT": "http://127.0.0.1:9"])
        #expect(code { try HubModel("owner/tiny").fetch(in: context) } == "no-network")
    }
}
