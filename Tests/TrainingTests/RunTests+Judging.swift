import Diagnostics
import Foundation
import Learning
import Synchronization
import Testing

@testable import Training

/// A run that is judged on its way: when, what becomes the best, and where it ends.
extension RunTests {
    private static func judgement(_ loss: Double) -> Judgement {
        let metrics = Metrics(count: 1, loss: loss, figures: [])
        let outcome = Evaluator.Outcome(answers: [], metrics: metrics, tokens: 0, seconds: 0)
        return Judgement(EvaluationResult(data: "d", split: .validation, outcome: outcome))
    }

    /// A run of 12 steps, 3 an epoch, whose validations are scripted by step.
    private func scripted(
        _ losses: [Int: Double], from state: RunState? = nil, noting asked: Asked? = nil,
        now: @escaping () -> Double = { 0 }, _ change: (inout JudgingSettings) -> Void
    ) throws -> Run {
        var judging = JudgingSettings()
        change(&judging)
        let place = Place()
        let made = try run(
            "bert", .lora, workers: 1, from: state, judging: judging, now: now
        ) { _, _ in
            let step = place.run?.trainer.step ?? 0
            asked?.add(step)
            return Self.judgement(losses[step] ?? 1)
        }
        place.run = made
        return made
    }

    /// Where a judge finds the run that asks it.
    private final class Place { weak var run: Run? }

    private static let falling = [0: 0.9, 3: 0.7, 6: 0.5, 9: 0.6, 12: 0.4]

    private func weights(_ tensors: [NamedTensor]) -> [[Float]] { tensors.map(\.values.floats) }

    /// What a run's weights were after so many steps.
    private func weights(after step: Int) throws -> [[Float]] {
        let run = try run("bert", .lora, workers: 1)
        while run.trainer.step < step { _ = try run.advance(Interruption()) }
        return weights(run.state.trainer.weights)
    }

    // MARK: - When

    @Test func withoutAWordItIsJudgedAfterEachEpoch() throws {
        let asked = Asked()
        let run = try scripted([:], noting: asked) { _ in }
        try finish(run)
        #expect(asked.steps == [0, 3, 6, 9, 12] && run.validations.isEmpty)
    }

    @Test(arguments: [
        (Warmup.Length.steps(2), [0, 2, 4, 6, 8, 10, 12]), (.steps(5), [0, 5, 10, 12]),
        (.share(0.25), [0, 3, 6, 9, 12]), (.steps(100), [0, 12]), (.steps(1), Array(0...12)),
    ])
    func itIsJudgedEverySoManyStepsAndAtTheEnd(every: Warmup.Length, wanted: [Int]) throws {
        let asked = Asked()
        let run = try scripted([:], noting: asked) {
            $0.every = every
        }
        #expect(run.judgementsLeft == wanted.count)
        try finish(run)
        #expect(asked.steps == wanted && run.judgementsLeft == 0)
        let record = run.record(name: "r", method: "m", data: "d")
        #expect(record.epochs.map(\.steps) == [3, 6, 9, 12])
        #expect(record.lines.filter { $0.validation != nil }.map(\.steps) == wanted)
        #expect(record.lines.map(\.steps) == record.lines.map(\.steps).sorted())
        for line in run.validations {
            #expect(line.epoch == Double(line.steps) / 3 && line.trainLoss?.isFinite == true)
        }
    }

    /// Its loss and its time, whatever kind of line the two are.
    @Test func aLineHasTheMeanAndTheTimeSinceTheOneBefore() throws {
        let run = try scripted([:], now: clock()) { $0.every = .steps(2) }
        var events: [Double] = [0]
        while true {
            let event = try run.advance(Interruption())
            if case .finished = event { break }
            // Each step and each judgement takes six seconds, and so does what ends an epoch.
            events[events.count - 1] += 6
            switch event {
            case .untuned, .epoch, .validation: events.append(0)
            default: break
            }
        }
        let losses = run.trainer.history.map(\.loss)
        let lines = run.record(name: "r", method: "m", data: "d").lines
        #expect(run.validations.map(\.steps) == [2, 4, 8, 10])
        #expect(lines.map(\.steps) == [0, 2, 3, 4, 6, 8, 9, 10, 12])
        for (before, line) in zip(lines, lines.dropFirst()) {
            let window = losses[before.steps..<line.steps]
            #expect(line.trainLoss == window.reduce(0, +) / Double(window.count), "step \(line.steps)")
        }
        #expect(lines.map(\.seconds) == events.dropLast())
    }

    /// As Transformers counts.
    @Test func anEpochThatWasCutIsCountedAsFarAsItCame() throws {
        let run = try scripted([:], now: clock()) { $0.minutes = 0.5 }
        try finish(run)
        #expect(run.trainer.step == 4 && run.epochs.map(\.epoch) == [1, 4.0 / 3])
        #expect(run.state.epochs == run.epochs)
        let patient = try scripted([0: 0.1]) { ($0.patience, $0.every) = (1, .steps(1)) }
        try finish(patient)
        let lines = patient.record(name: "r", method: "m", data: "d").lines
        #expect(lines.map(\.epoch) == [0, 1.0 / 3])
    }

    @Test func judgingChangesNoStep() throws {
        let bare = try run("bert", .lora, workers: 1)
        try finish(bare)
        let judged = try scripted(Self.falling) {
            ($0.every, $0.patience, $0.minutes) = (.steps(1), 100, 100)
        }
        try finish(judged)
        #expect(weights(judged.state.trainer.weights) == weights(bare.state.trainer.weights))
        #expect(judged.trainer.history == bare.trainer.history)
    }

    // MARK: - The best, and where it ends

    @Test func theBestIsKeptAsItWas() throws {
        let run = try scripted(Self.falling.merging([12: 0.8]) { $1 }) { _ in }
        try finish(run)
        #expect(run.best?.steps == 6 && run.best?.epoch == 2 && run.best?.value == 0.5)
        #expect(run.ending == nil && run.trainer.step == 12 && run.hasOwnBest)
        let kept = try #require(run.state.best?.weights)
        #expect(weights(kept) == (try weights(after: 6)))
        #expect(weights(kept) != weights(run.state.trainer.weights))
        // The untuned model may be the best.
        let rising = try scripted([0: 0.1]) { _ in }
        try finish(rising)
        #expect(rising.best?.steps == 0 && rising.best?.epoch == 0 && !rising.hasOwnBest)
        #expect(weights(rising.state.best?.weights ?? []) == (try weights(after: 0)))
        let none = try scripted(Self.falling) { $0.keeps = .lastOnly }
        try finish(none)
        #expect(none.best?.steps == 12 && none.state.best?.weights == nil && !none.hasOwnBest)
    }

    @Test(
        arguments: [
            // patience, every, script, steps made, best
            (1, nil, [0: 0.9, 3: 0.7, 6: 0.8, 9: 0.1], 6, 3),
            (2, nil, [0: 0.9, 3: 0.7, 6: 0.8, 9: 0.75, 12: 0.1], 9, 3),
            (2, nil, [0: 0.5, 3: 0.7, 6: 0.8], 6, 0),
            (2, nil, [0: 0.9, 3: 0.9, 6: 0.8, 9: 0.9, 12: 0.9], 12, 6),
            (3, nil, [0: 0.9, 3: 0.7, 6: 0.8, 9: 0.75, 12: 0.1], 12, 12),
            (2, 2, [0: 0.9, 2: 0.7, 4: 0.8, 6: 0.75, 8: 0.1], 6, 2),
            (2, 1, [0: 0.9, 1: 0.7, 2: .nan, 3: .infinity], 3, 1),
            (2, 5, [0: 0.2, 5: 0.7, 10: 0.8], 10, 0),
        ] as [(Int, Int?, [Int: Double], Int, Int)])
    func itEndsWhereNothingGetsBetter(
        patience: Int, every: Int?, losses: [Int: Double], steps: Int, best: Int
    ) throws {
        let run = try scripted(losses) {
            ($0.patience, $0.every) = (patience, every.map { .steps($0) })
        }
        try finish(run)
        #expect(run.trainer.step == steps && run.best?.steps == best, "\(run.trainer.step)")
        #expect(run.isOver && run.judgementsLeft == 0)
        #expect((run.ending == .patience(patience)) == (steps < 12))
        #expect(weights(run.state.best?.weights ?? []) == (try weights(after: best)))
        #expect(weights(run.state.trainer.weights) == (try weights(after: steps)))
        let record = run.record(name: "r", method: "m", data: "d")
        #expect(record.plannedSteps == 12 && record.expectedSteps == steps && record.isWhole)
        #expect(record.best == run.best && !record.isBestEarlier)
        #expect(record.ownLines.last?.steps == steps && record.ownLines.last?.validation != nil)
        // What it would have done is told by nobody: once over, it stays over.
        guard case .finished = try run.advance(Interruption()) else {
            return #expect(Bool(false), "it went on")
        }
    }

    @Test func aBestThatIsOnlyALittleBetterIsOneAndDoesNotBeginTheWaitAnew() throws {
        let run = try scripted([0: 0.9, 3: 0.899, 6: 0.898, 9: 0.5]) {
            ($0.patience, $0.leastGain) = (2, 0.01)
        }
        try finish(run)
        #expect(run.trainer.step == 6 && run.best?.steps == 6 && run.ending == .patience(2))
    }

    /// Stopped at any event, written, read and gone on with.
    @Test(
        arguments: [
            (2, 2, [0: 0.9, 2: 0.7, 4: 0.8, 6: 0.75]), (2, nil, [0: 0.9, 3: 0.7, 6: 0.8, 9: 0.75]),
            (100, 2, [0: 0.9, 2: 0.7, 4: 0.8, 6: 0.4, 8: .nan]), (2, 1, [0: .nan, 1: .nan]),
        ] as [(Int, Int?, [Int: Double])])
    func stoppedAnywhereItEndsWhereItWouldHaveEnded(patience: Int, every: Int?, losses: [Int: Double]) throws
    {
        func made(from state: RunState? = nil) throws -> Run {
            try scripted(losses, from: state) {
                ($0.patience, $0.every) = (patience, every.map { .steps($0) })
            }
        }
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let whole = try made()
        var events = 0
        while true {
            events += 1
            if case .finished = try whole.advance(Interruption()) { break }
        }
        for stop in 0...events {
            let first = try made()
            for _ in 0..<stop { _ = try first.advance(Interruption()) }
            try RunStateFile.write(first.state, identity: "x", to: path)
            let second = try made(from: try RunStateFile.read(path, identity: "x"))
            try finish(second)
            #expect(bits(second) == bits(whole), "stopped at \(stop)")
            #expect(second.validations.map(\.steps) == whole.validations.map(\.steps))
            #expect(
                second.ending == whole.ending && second.best == whole.best && second.waited == whole.waited)
            #expect(weights(second.state.best?.weights ?? []) == weights(whole.state.best?.weights ?? []))
        }
    }

    // MARK: - Time

    /// A clock that goes on by six seconds with each look: a step takes as many.
    private func clock() -> () -> Double {
        let time = Mutex(0.0)
        return {
            time.withLock {
                $0 += 6
                return $0
            }
        }
    }

    @Test func itEndsAfterTheStepThatPassesItsTime() throws {
        // The untuned model's judgement takes six seconds too, and an epoch's.
        let run = try scripted(Self.falling, now: clock()) { $0.minutes = 0.5 }
        try finish(run)
        #expect(run.ending == .time(minutes: 0.5) && run.trainer.step == 4)
        #expect(run.epochs.map(\.steps) == [3, 4] && run.epochs.last?.validation != nil)
        #expect(run.secondsAllowed == 0)
        let long = try scripted(Self.falling, now: clock()) { $0.minutes = 100 }
        try finish(long)
        #expect(long.ending == nil && long.trainer.step == 12)
    }

    /// What is judged at the end that time has brought may be one too many for patience: the time ended it.
    @Test func timeThatEndedItIsNotCalledPatience() throws {
        let run = try scripted([0: 0.1], now: clock()) { ($0.minutes, $0.patience) = (0.5, 2) }
        try finish(run)
        #expect(run.epochs.count == 2 && run.ending == .time(minutes: 0.5))
    }

    @Test func whatItTookBeforeAnInterruptCounts() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for stop in 1...4 {
            let first = try scripted(Self.falling, now: clock()) { $0.minutes = 0.5 }
            for _ in 0..<stop { _ = try first.advance(Interruption()) }
            try RunStateFile.write(first.state, identity: "x", to: path)
            let second = try scripted(
                Self.falling, from: try RunStateFile.read(path, identity: "x"), now: clock()
            ) { $0.minutes = 0.5 }
            try finish(second)
            #expect(second.trainer.step == 4 && second.ending == .time(minutes: 0.5), "stopped at \(stop)")
        }
    }

    @Test func aRunThatDivergesEndsWhereItStands() throws {
        let run = try scripted(Self.falling) { _ in }
        while run.trainer.step < 7 { _ = try run.advance(Interruption()) }
        run.diverge()
        #expect(run.isOver && run.ending == .diverged(steps: 7) && run.hasOwnBest)
        #expect(run.record(name: "r", method: "m", data: "d").ending?.name == "diverged")
    }
}

/// The steps that a judge was asked after.
private final class Asked: Sendable {
    private let kept = Mutex<[Int]>([])

    var steps: [Int] { kept.withLock { $0 } }
    func add(_ step: Int) { kept.withLock { $0.append(step) } }
}
