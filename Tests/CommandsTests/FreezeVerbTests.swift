import Diagnostics
import Foundation
import Testing
import Training

@testable import Commands

@Suite struct FreezeVerbTests {
    private func prepared() -> Bench {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=32 test=16 validation=0")
        return bench
    }

    private func method(_ bench: Bench) throws -> AttachedMethod {
        try #require(bench.interpreter.session.state.engine.method)
    }

    @Test func withoutAMethodItBeginsWithAllOrWithTheHead() throws {
        let bench = prepared()
        #expect(bench.problem("freeze embeddings") == nil)
        #expect(try method(bench).summary == "full, freeze embeddings")
        bench.run("model nano")
        #expect(bench.problem("unfreeze last:1") == nil)
        #expect(try method(bench).summary == "head, unfreeze last:1")
        #expect(try method(bench).parameters.allSatisfy { $0.name.contains("layer.1.") })
    }

    /// Head first, then a block more: the weights go on, the curve too.
    @Test func whatWasTrainedGoesOn() throws {
        let bench = prepared()
        bench.run("head\ntrain steps=2")
        #expect(bench.problem("unfreeze last:1\ntrain steps=2") == nil)
        let engine = bench.interpreter.session.state.engine
        #expect(engine.run?.steps.map(\.step) == [1, 2, 3, 4])
        let isSaid = bench.output.events.contains {
            if case .display(let bundle, _) = $0 { bundle.plain.contains("begins afresh") } else { false }
        }
        #expect(isSaid)
        func values() throws -> [[Float]] {
            try method(bench).tuning.namedTensors.sorted { $0.name < $1.name }.map(\.values.floats)
        }
        let before = try values()
        #expect(bench.problem("freeze all\ntrain steps=1") == nil)
        #expect(try values() == before)
        #expect(bench.problem("evaluate") == nil)
    }

    /// What was trained and then frozen is there as it had become.
    @Test func aRunWithFrozenPartsIsFinishedInAnotherProcess() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func bench() -> Bench {
            var surroundings = Surroundings.local
            surroundings.runs = folder.path
            let time = Counter()
            surroundings.now = { time.next() }
            return Bench(surroundings: surroundings)
        }
        let setup = "set workers=2\nmodel nano\nload toy train=32 test=16 validation=0\nfull\ntrain steps=2"
        let cell = "\(setup)\nfreeze embeddings,norms\nunfreeze norms layers=0\ntrain steps=6 as=part"
        let whole = bench()
        whole.run(cell)
        let stopped = bench()
        let output = StoppingOutput(stopped.interruption) {
            $0.plain.contains("4/8") || $0.plain.contains("4/6")
        }
        let outcome = stopped.interpreter.run(
            cell: cell, output: output, interruption: stopped.interruption)
        guard case .interrupted = outcome.ending else { return #expect(Bool(false), "it ended") }
        let other = bench()
        #expect(other.problem("resume part") == nil)
        let (one, two) = (try method(whole), try method(other))
        #expect(two.summary == "full, freeze embeddings,norms, unfreeze norms layers=0")
        #expect(one.tuning.namedTensors.map(\.name) == two.tuning.namedTensors.map(\.name))
        #expect(one.tuning.namedTensors.map(\.values.floats) == two.tuning.namedTensors.map(\.values.floats))
        let run = other.interpreter.session.state.engine.run
        #expect(run?.steps.map(\.loss) == whole.interpreter.session.state.engine.run?.steps.map(\.loss))
    }

    /// As a whole model, and as an adapter with norms beside it.
    @Test(arguments: [
        "full\nfreeze embeddings\nunfreeze embeddings\nfreeze norms layers=1", "head\nunfreeze last:1",
        "lora r=2 targets=q\nunfreeze norms\nfreeze q layers=0", "ia3\nunfreeze norms layers=1",
    ]) func savedAndOpenedItTrainsTheSame(lines: String) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bench = prepared()
        bench.run("\(lines)\ntrain steps=2 save_every=0")
        #expect(bench.problem("save \(folder.path)") == nil)
        let before = try method(bench)
        let score = bench.run("evaluate").statements.last?.value
        #expect(bench.problem("model nano\nopen \(folder.path)") == nil)
        let after = try method(bench)
        #expect(Set(after.parameters.map(\.name)) == Set(before.parameters.map(\.name)))
        #expect(bench.run("load toy train=32 test=16 validation=0\nevaluate").statements.last?.value == score)
        // What was changed stays noted when it is saved again.
        #expect(bench.problem("train steps=1 save_every=0\nsave \(folder.path)-again") == nil)
        defer { try? FileManager.default.removeItem(atPath: "\(folder.path)-again") }
        #expect(bench.problem("model nano\nopen \(folder.path)-again") == nil)
        #expect(
            try Set(method(bench).parameters.map(\.name)) == Set(before.parameters.map(\.name)))
    }

    @Test func aLayerWithAnAdapterAndAWeightIsMergedNotSaved() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let bench = prepared()
        bench.run("lora r=2 targets=q\nunfreeze q\ntrain steps=2 save_every=0")
        #expect(bench.problem("save \(folder.path)")?.code == "no-adapter")
        #expect(bench.problem("merge \(folder.path)") == nil)
    }

    @Test func theRateIsThatOfWhatIsTrained() throws {
        let bench = prepared()
        func rate(_ lines: String) throws -> Double {
            bench.run(lines)
            let loaded = try #require(bench.interpreter.session.state.engine.model)
            let pretrained = LoadedModel(
                name: "tiny", source: "", model: loaded.model, tokenizer: loaded.tokenizer,
                request: loaded.request)
            return try method(bench).usualRate(on: pretrained, isWriting: false)
        }
        #expect(try rate("full\nfreeze") == 2e-3)
        #expect(try rate("full\nfreeze\nunfreeze norms") == 1e-3)
        #expect(try rate("head\nunfreeze last:1") == 1e-4)
        #expect(try rate("head\nunfreeze") == 2e-5)
        #expect(try rate("full\nfreeze embeddings") == 2e-5)
        #expect(try rate("lora\nfreeze q") == 1e-3)
        #expect(try rate("lora\nunfreeze last:1") == 1e-4)
    }
}
