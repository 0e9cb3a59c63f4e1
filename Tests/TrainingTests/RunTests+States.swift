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

    /// A state of full tuning is due after five minutes, or after fifty times as long as the last one took.
    @Test(arguments: [(cost: 2.0, due: 300.0), (cost: 20.0, due: 1_000.0)])
    func whatTakesLongToWriteIsWrittenSeldomer(cost: Double, due: Double) throws {
        final class Slow: RunStore, @unchecked Sendable {
            var (clock, cost) = (0.0, 0.0)
            let (hasEntry, hasFormer) = (true, false)
            func note(_ entry: RunEntry) {}
            func write(_ state: RunState) -> Int {
                clock += cost
                return 1
            }
            func remove() {}
            func removeFormer() {}
        }
        let store = Slow()
        store.cost = cost
        let run = try run("bert", .full, workers: 1)
        let keeper = RunKeeper(
            .usual(keepsMatrices: false), now: { store.clock }, entry: { try Self.entry($0, $1) },
            opening: { store })
        func isWritten(after seconds: Double) throws -> Bool {
            store.clock += seconds
            _ = try run.advance(Interruption())
            return keeper.keepIfDue(run.trainer.step) { run.state } != nil
        }
        #expect(try !isWritten(after: 299))
        #expect(try isWritten(after: 1), "what the first one takes is not known before")
        #expect(try !isWritten(after: due - 1))
        #expect(try isWritten(after: 1))
    }
}
