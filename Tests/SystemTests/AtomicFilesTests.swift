import Diagnostics
import Foundation
import System
import TestScratch
import Testing

@Suite struct AtomicFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func names(_ folder: String = "") throws -> Set<String> {
        Set(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/\(folder)"))
    }

    @Test func aFileIsWholeAndReadableByWhomItIsFor() throws {
        let path = "\(scratch.path)/connection.json"
        try AtomicFile.write([1, 2, 3], to: path, mode: 0o600)
        #expect(try readFile(path) == [1, 2, 3])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try names() == ["connection.json"])
    }

    @Test func aFileThatIsNotFinishedLeavesTheEarlierOne() throws {
        let path = try scratch.file("notes", "before")
        #expect(throws: Interrupted.self) {
            try AtomicFile.write(to: path) { file in
                try file.append(Array("half".utf8))
                throw Interrupted()
            }
        }
        #expect(try String(decoding: readFile(path), as: UTF8.self) == "before")
        #expect(try names() == ["notes"])
    }

    @Test func aFolderTakesTheWholePlaceOfTheEarlierOne() throws {
        _ = try scratch.file("model/old", "old")
        try AtomicFolder.write(to: "\(scratch.path)/model") { folder in
            try AtomicFile.write([1], to: "\(folder)/new")
            #expect(try names("model") == ["old"])
        }
        #expect(try names("model") == ["new"])
        #expect(try names() == ["model"])
    }

    @Test func aFolderThatIsNotFinishedLeavesTheEarlierOne() throws {
        _ = try scratch.file("model/old", "old")
        #expect(throws: Interrupted.self) {
            try AtomicFolder.write(to: "\(scratch.path)/model") { _ in throw Interrupted() }
        }
        #expect(try names("model") == ["old"])
        #expect(try names() == ["model"])
    }

    @Test func aFinishedFolderChangesPlacesWithWhatStoodThere() throws {
        _ = try scratch.file("fetched/new", "new")
        _ = try scratch.file("kept/old", "old")
        #expect(AtomicFolder.put("\(scratch.path)/fetched", at: "\(scratch.path)/kept") == nil)
        #expect(try names("kept") == ["new"])
        #expect(try names("fetched") == ["old"])
        #expect(AtomicFolder.put("\(scratch.path)/kept", at: "\(scratch.path)/nowhere/kept") == ENOENT)
    }
}
