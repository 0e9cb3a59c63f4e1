import Foundation
import JSON
import Testing

@testable import Commands

/// Tunings with files of their own, and heads that others have not, saved and opened in another session.
@Suite struct SharedTuningsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let model, method: String
        /// Whether the folder brings the model.
        let isWhole: Bool
        init(_ model: String, _ method: String, isWhole: Bool = false) {
            (self.model, self.method, self.isWhole) = (model, method, isWhole)
        }
        var testDescription: String { "\(model), \(method)" }
    }

    static let cases = [
        Case("model nano", "reft layers='0;1' positions=f3+l2 dropout=0.1"),
        Case("model nano-llama", "reft kind=noreft add_bias=yes r=2 share=yes"),
        Case("model nano", "reft intervention_type=DireftIntervention low_rank_dimension=1 position=l1"),
        Case("model nano head.norm=batch", "lora r=2"), Case("model nano head.norm=batch", "reft"),
        Case("model nano-llama head.norm=batch", "full last=1", isWhole: true),
        Case("model nano", "full decay=2.6 unfreeze=gradual", isWhole: true),
    ]

    private func shares(_ bench: Bench) throws -> [String: Double] {
        let value = try #require(bench.run("predict 'the soup was lovely'").statements.last?.value)
        let found = try #require(value[0]?["probabilities"]?.object)
        return Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0.value.number ?? .nan) })
    }

    @Test(arguments: cases) func whatIsSavedPredictsTheSameElsewhereAndTrainsOn(_ tried: Case) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        defer {
            for end in ["", "-again"] { try? FileManager.default.removeItem(atPath: folder + end) }
        }
        let bench = Bench()
        let tuned = "\(tried.model)\nload toy train=64 test=16 validation=0\n\(tried.method)\ntrain epochs=2"
        #expect(bench.problem(tuned) == nil)
        #expect(bench.problem("save \(folder)") == nil)
        let before = try shares(bench)
        let other = Bench()
        let bare = tried.model.replacing(" head.norm=batch", with: "")
        #expect(other.problem(tried.isWhole ? "open \(folder)" : "\(bare)\nopen \(folder)") == nil)
        for (label, share) in try shares(other) {
            #expect(abs(share - (before[label] ?? 9)) < 1e-5, "\(label)")
        }
        #expect(other.problem("load toy train=64 test=16 validation=0\nevaluate\ntrain epochs=1") == nil)
        for line in ["save \(folder)-again", "params", "status"] {
            #expect(other.problem(line) == nil, "\(line)")
        }
        let norm = try #require(other.interpreter.session.state.engine.task?.head).norm
        #expect((norm != nil) == tried.model.contains("head.norm"))
    }

    @Test func ratesOfPartsAreInThePlan() {
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=32 test=8 validation=0\nfull")
        #expect(bench.problem("train steps=1 lr=1e-4 lr.head=1e-2 embedding_learning_rate=1e-5") == nil)
        let plan = bench.output.events.compactMap { event -> String? in
            if case .display(let bundle, id: nil) = event { bundle.plain } else { nil }
        }.first { $0.contains("head 0.01") }
        #expect(plan?.contains("lr 0.0001, embeddings 1e-05, head 0.01") == true, "\(plan ?? "no plan")")
    }

    /// An epoch of gradual unfreezing trains the head alone, and the plan counts no more than the run will train.
    @Test func thePlanCountsWhatWillLearn() {
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=32 test=8 validation=0\nfull unfreeze=gradual")
        bench.run("train epochs=1")
        #expect(bench.output.shown.contains("this run ends before all of it has begun to learn"))
        #expect(!bench.output.shown.contains("99% trained"))
        let other = Bench()
        other.run("set times=off\nmodel nano\nload toy train=32 test=8 validation=0\nfull unfreeze=gradual")
        other.run("train epochs=4")
        #expect(!other.output.shown.contains("this run ends before"))
    }

    /// A classifier that has learned nothing is said to be left out, and is.
    @Test func anUntrainedClassifierIsNotWritten() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "untrained-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bench = Bench()
        #expect(bench.problem("model nano\nload toy train=32 test=8\nlora\nevaluate\nsave \(folder)") == nil)
        let file = try Data(contentsOf: URL(filePath: folder + "/adapter_model.safetensors"))
        #expect(file.range(of: Data("classifier".utf8)) == nil)
        #expect(file.range(of: Data("lora_A".utf8)) != nil)
    }
}
