import Diagnostics
import Foundation
import Synchronization
import Testing

@testable import System

@Suite struct StagingTests {
    /// A folder of its own, removed with what is in it.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: "staging-\(UUID().uuidString)").path

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        var names: Set<String> {
            get throws { Set(try FileManager.default.contentsOfDirectory(atPath: path)) }
        }

        func makeFolder(_ name: String) throws {
            let place = "\(path)/\(name)"
            try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
            try Data("weights".utf8).write(to: URL(filePath: "\(place)/model.safetensors"))
        }
    }

    @Test func whatTheDeadLeftGoesWithTheNextWriter() throws {
        let folder = try Folder()
        try folder.makeFolder(".adapter.4711-1234.part")
        try Data("half".utf8).write(to: URL(filePath: "\(folder.path)/.model.gguf.4711-99.part"))
        let staging = try Staging(.folder, beside: "\(folder.path)/other")
        #expect(try folder.names == [URL(filePath: staging.path).lastPathComponent])
        staging.discard()
        #expect(try folder.names.isEmpty)
    }

    /// Each clears up what the dead left, and must take nothing of the others' for that, not even what is just made.
    @Test(arguments: [Staging.Kind.file, .folder])
    func manyWritersInOneFolderLeaveEachOtherAlone(kind: Staging.Kind) throws {
        let folder = try Folder()
        let problems = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4000) { [path = folder.path] number in
            do { try Staging(kind, beside: "\(path)/\(number)").discard() } catch {
                problems.withLock { $0.append("\(error)") }
            }
        }
        #expect(problems.withLock { $0 } == [])
        #expect(try folder.names.isEmpty)
    }

    @Test(arguments: [Staging.Kind.file, .folder])
    func whatALivingProcessWritesStays(kind: Staging.Kind) throws {
        let folder = try Folder()
        let first = try Staging(kind, beside: "\(folder.path)/one")
        let second = try Staging(kind, beside: "\(folder.path)/one")
        #expect(try folder.names.count == 2)
        first.discard()
        second.discard()
    }

    @Test func whatIsNotOursStays() throws {
        let folder = try Folder()
        let others: Set = [
            ".adapter.part", "adapter.4711-1.part", ".adapter.4711-1", ".git", ".4711-1.part.d",
        ]
        for name in others { try folder.makeFolder(name) }
        try folder.makeFolder("kept")
        // A link that bears such a name is not followed.
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/.link.4711-1.part", withDestinationPath: "\(folder.path)/kept")
        try Staging(.file, beside: "\(folder.path)/new").discard()
        #expect(try folder.names == others.union(["kept", ".link.4711-1.part"]))
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/kept/model.safetensors"))
    }

    @Test func aLongNameCanBeStaged() throws {
        let folder = try Folder()
        for character in ["a", "ü"] {
            let target = String(repeating: character, count: 255 / character.utf8.count)
            try Staging(.file, beside: "\(folder.path)/\(target)").discard()
        }
    }

    @Test func beforeTheProcessEndsUnfinishedWorkIsRemovedAndNothingMoreIsPublished() throws {
        let folder = try Folder()
        let area = StagingArea()
        let staging = try Staging(.folder, beside: "\(folder.path)/model", in: area)
        area.close(within: 0)
        #expect(try folder.names.isEmpty)
        #expect(throws: Diagnostic.self) { try staging.publish { Issue.record("published after the end") } }
    }

    /// The writer ends while the process waits for it: at the second look.
    @Test func aWriterThatFinishesInTimeIsWaitedFor() throws {
        let folder = try Folder()
        let target = "\(folder.path)/model"
        let looks = Atomic<Int>(0)
        let written = Mutex<Staging?>(nil)
        let area = StagingArea(pause: {
            guard looks.add(1, ordering: .relaxed).newValue == 2, let staging = written.withLock({ $0 })
            else {
                return
            }
            do {
                try staging.publish { try FileManager.default.moveItem(atPath: staging.path, toPath: target) }
            } catch {
                Issue.record(error)
            }
            staging.discard()
        })
        let staging = try Staging(.folder, beside: target, in: area)
        written.withLock { $0 = staging }
        area.close(within: 60)
        #expect(looks.load(ordering: .relaxed) == 2)
        #expect(try folder.names == ["model"])
    }

    /// The clock goes on by a second with each look.
    @Test func oneThatTakesTooLongIsNotWaitedForAnyMore() throws {
        let folder = try Folder()
        let looks = Atomic<Int>(0)
        let start = ContinuousClock.now
        let area = StagingArea(
            now: { start + .seconds(looks.load(ordering: .relaxed)) },
            pause: { looks.add(1, ordering: .relaxed) })
        let staging = try Staging(.folder, beside: "\(folder.path)/model", in: area)
        area.close(within: 5)
        #expect(looks.load(ordering: .relaxed) == 5)
        #expect(try folder.names.isEmpty)
        #expect(throws: Diagnostic.self) { try staging.publish {} }
    }
}
