import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// States that cannot be written, and those of programs before this one.
extension RunTests {
    @Test func aRunLivesOnWhereItsStateCannotBeWritten() throws {
        final class Broken: RunStore {
            func note(_ entry: RunEntry) throws {}
            func write(_ state: RunState) throws -> Int { throw Diagnostic("cannot-write", "full") }
            func remove() throws {}
            let (hasEntry, hasFormer) = (true, false)
            func removeFormer() {}
        }
        let run = try run("bert", .lora, workers: 1, store: Broken(), every: 2)
        var told = 0
        while true {
            let event = try run.advance(Interruption())
            if case .unwritten(let problem) = event {
                told += 1
                #expect(problem.code == "cannot-write")
            }
            if case .finished = event { break }
        }
        #expect(told == 1 && run.trainer.step == Self.total)
    }

    /// States of earlier programs are read, those of later ones are not.
    @Test(arguments: [(3, true), (4, true), (5, true), (6, false)])
    func formatsOfBeforeAreRead(_ format: Int, isRead: Bool) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "formats-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (written, changed) = ("\(folder.path)/written", "\(folder.path)/changed")
        let run = try run("bert", .lora, workers: 1)
        while run.trainer.step < 2 { _ = try run.advance(Interruption()) }
        try RunStateFile.write(run.state, identity: "x", to: written)
        let file = try SafetensorsFile(path: written)
        let facts = try #require(file.notes["lorikeet"])
        #expect(facts.contains("\"format\":5"))
        let text = facts.replacing("\"format\":5", with: "\"format\":\(format)")
        let tensors = file.tensors.map {
            NamedTensor(name: $0.name, shape: $0.shape, values: Buffer($0.floats()))
        }
        try SafetensorsWriter.write(
            file.tensors.map { (name: $0.name, shape: $0.shape, values: $0.floats()) },
            metadata: ["lorikeet": text, "sha256": RunStateFile.sum(text, tensors)], to: changed)
        let state = try? RunStateFile.read(changed, identity: "x")
        #expect(state?.step == (isRead ? 2 : nil))
    }

    /// On a full disk the beginning has said it.
    @Test func whatCouldNotBeNotedIsNotSaidAgain() throws {
        final class Full: RunStore {
            func note(_ entry: RunEntry) throws { throw Diagnostic("cannot-write", "full") }
            func write(_ state: RunState) throws -> Int { 0 }
            func remove() throws {}
            let (hasEntry, hasFormer) = (false, false)
            func removeFormer() {}
        }
        let run = try run("bert", .lora, workers: 1)
        let keeper = RunKeeper(
            StatePlan(seconds: nil, steps: 2), now: { 0 }, entry: { try Self.entry($0, $1) },
            opening: { Full() })
        #expect(throws: Diagnostic.self) { try keeper.begin() }
        #expect(keeper.keep(run.state, as: .running).map { "\($0)" } == nil)
    }
}
