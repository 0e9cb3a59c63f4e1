import Diagnostics
import Foundation
import Synchronization
import Testing

@testable import Training

/// Epoch 0: what the model does before it is trained.
extension RunTests {
    /// A judge whose figures tell how often it was asked.
    private func counting(_ asked: Tally) -> (Interruption, @escaping Run.Judging) throws -> Judgement? {
        { _, judging in
            judging(1, 2)
            asked.add(1)
            let metrics = Metrics(count: 2, loss: Double(asked.sum), figures: [])
            let outcome = Evaluator.Outcome(answers: [], metrics: metrics, tokens: 0, seconds: 0)
            return Judgement(EvaluationResult(data: "d", split: .validation, outcome: outcome))
        }
    }

    @Test func theModelIsJudgedBeforeItIsTrainedAndTheBytesStay() throws {
        let bare = try run("bert", .lora, workers: 1)
        try finish(bare)
        let (asked, told) = (Tally(), Tally())
        let judged = try run("bert", .lora, workers: 1, judge: counting(asked))
        guard
            case .untuned(let record) = try judged.advance(
                Interruption(), judging: { done, _ in told.add(done) })
        else { return #expect(Bool(false), "a step came first") }
        #expect(record.validation?.loss == 1 && record.isUntuned && judged.trainer.step == 0)
        #expect(told.sum == 1)
        try finish(judged)
        #expect(bits(judged) == bits(bare))
        // Once before, and once after each epoch.
        #expect(asked.sum == 5)
        #expect(judged.record(name: "r", method: "m", data: "d").untuned == record)
        #expect(judged.epochs.map(\.epoch) == [1, 2, 3, 4])
    }

    @Test func epochZeroComesBackWithAStateAndGoesOnIntoTheNextRun() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let asked = Tally()
        let first = try run("bert", .lora, workers: 1, judge: counting(asked))
        for _ in 0..<3 { _ = try first.advance(Interruption()) }
        try RunStateFile.write(first.state, identity: "x", to: path)
        let state = try RunStateFile.read(path, identity: "x")
        let second = try run("bert", .lora, workers: 1, from: state, judge: counting(asked))
        #expect(second.untuned == first.untuned && second.untuned?.validation?.loss == 1)
        try finish(second)
        #expect(asked.sum == 5)
        let history = RunHistory(after: second.record(name: "r", method: "m", data: "d"))
        #expect(history.untuned == first.untuned)
    }
}

private final class Tally: Sendable {
    private let kept = Mutex(0)

    var sum: Int { kept.withLock { $0 } }
    func add(_ number: Int) { kept.withLock { $0 += number } }
}
