import Datasets
import Diagnostics
import Foundation
import TestScratch
import Testing

@Suite struct PathKindTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func message(_ path: String) -> String? {
        do {
            _ = try scratch.load(.init(path: path))
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        "a", "", "ü", "a/", "a/b", "~nobody/x", "~", "a\u{0}b", "\n", "//",
        String(repeating: "x", count: 5000),
    ])
    func aPathToNothingIsADiagnostic(path: String) throws {
        let found = code { try scratch.load(.init(path: path)) }
        #expect(found == (["~", "//"].contains(path) ? found : "no-file"))
        #expect(found?.isEmpty == false || ["~", "//"].contains(path))
        #expect((message(path) ?? "").utf8.count < 1000)
    }

    @Test func devicesPipesAndSocketsAreCalledWhatTheyAre() throws {
        let pipe = "\(scratch.path)/pipe.csv"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(message(pipe)?.contains("is a named pipe") == true)
        #expect(message("/dev/null")?.contains("is a device") == true)
        #expect(message("/dev/zero")?.contains("is a device") == true)
        _ = try scratch.file("set/neg/1.txt", "bad")
        try FileManager.default.createDirectory(
            atPath: "\(scratch.path)/set/pos", withIntermediateDirectories: true)
        #expect(mkfifo("\(scratch.path)/set/pos/1.txt", 0o600) == 0)
        #expect(message("\(scratch.path)/set")?.contains("is a named pipe") == true)
    }

    @Test func linksThatLeadNowhereSaySo() throws {
        let (one, two) = ("\(scratch.path)/one.csv", "\(scratch.path)/two.csv")
        try FileManager.default.createSymbolicLink(atPath: one, withDestinationPath: "two.csv")
        #expect(message(one)?.contains("is a link to two.csv, which is not there") == true)
        try FileManager.default.createSymbolicLink(atPath: two, withDestinationPath: "one.csv")
        #expect(message(one)?.contains("leads back to itself") == true)
    }
}
