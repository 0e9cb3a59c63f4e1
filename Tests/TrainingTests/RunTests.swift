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

/// A run that is stopped and gone on with gives the bytes of one that never stopped.
@Suite struct RunTests {
    enum Choice: String, CaseIterable {
        case lora, last, full, sgd, hft
    }

    static let total = 12

    /// A fresh run, from its beginning or a state.
    func run(
        _ family: String, _ choice: Choice, workers: Int, from state: RunState? = nil,
        store: (any RunStore)? = nil, every steps: Int? = nil, judging: JudgingSettings? = nil,
        now: @escaping () -> Double = { 0 },
        judge: @escaping (Interruption, @escaping Run.Judging) throws -> Judgement? = { _, _ in nil }
    ) throws -> Run {
        let model = try ModelLoader.load(path: ReferenceTests.fixtures.appending(path: family).path)
        let examples = (0..<9).map { (index: Int) -> EncodedExample in
            let ids = (0..<(4 + 3 * index)).map { (place: Int) in Int32((place * 7 + index) % 50) }
            return EncodedExample(text: ids, identity: UInt64(index), isCausal: model.isCausal)
        }
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.shareTokens) = (3, 4, 30)
        (settings.lr, settings.warmup) = (1e-3, .steps(2))
        settings.judging = judging
        if choice == .sgd { settings.optimizer = OptimizerChoice(SGD.self, ["momentum": .number(0.9)]) }
        let method: any Method =
            switch choice {
            case .lora, .sgd: try LowRankMethod(["dropout": .number(0.1), "targets": .names(["all-linear"])])
            case .last: try FullMethod(["last": .count(1)])
            case .full: try FullMethod()
            case .hft: try HFTMethod()
            }
        let trainer = try Trainer(
            model: model, task: NextToken(),
            tuning: method.tuning(of: model, seed: 9), examples: examples, settings: settings,
            workers: Workers(count: workers))
        let keeper = store.map { store in
            RunKeeper(
                StatePlan(seconds: nil, steps: steps), from: state?.step ?? 0, now: { 0 },
                entry: { try Self.entry($0, $1) }, opening: { store })
        }
        return try Run(
            trainer, after: RunHistory(), seen: SeenTexts(), from: state, keeper: keeper ?? .silent,
            now: now, judge: judge)
    }

    static func entry(_ status: RunEntry.Status, _ state: RunState?) throws -> RunEntry {
        let settings = RunSettings(
            model: ModelRequest(name: "m", seed: 1), data: .init(), prompt: nil, instruction: nil,
            labels: ["a", "b"], method: try MethodOrigin(LowRankMethod(), seed: 1), maxLength: 8,
            headSeed: 1, learning: TrainerSettings(), start: RunStart())
        let fingerprint = try RunFingerprint(
            settings, horizon: 3, model: "", examples: "", start: [], groups: [])
        return RunEntry(
            name: "r", status: status, settings: settings, fingerprint: fingerprint,
            states: StatePlan(seconds: 30), method: "lora", data: "toy", began: 1, changed: 2,
            step: state?.step ?? 0, steps: total)
    }

    /// Bits of all that is trained and kept.
    func bits(_ run: Run) -> [UInt64] {
        let state = run.state
        let tensors = state.trainer.weights + state.trainer.optimizer.namedTensors
        return tensors.flatMap { $0.values.floats.map { UInt64($0.bitPattern) } }
            + state.trainer.history.flatMap {
                [UInt64($0.step), $0.loss.bitPattern, UInt64($0.lr.bitPattern)]
            }
            + run.epochs.flatMap { [UInt64($0.epoch), UInt64($0.steps), ($0.trainLoss ?? -1).bitPattern] }
    }

    func finish(_ run: Run) throws {
        while true {
            if case .finished = try run.advance(Interruption()) { return }
        }
    }

    @Test(arguments: ["bert", "gpt2", "llama"], Choice.allCases)
    func stoppedAnywhereAndGoneOnWithItIsTheSame(family: String, choice: Choice) throws {
        let whole = try run(family, choice, workers: 2)
        try finish(whole)
        let wanted = bits(whole)
        #expect(whole.trainer.step == Self.total && whole.epochs.count == 4)
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        for stop in 0...Self.total {
            let first = try run(family, choice, workers: 1)
            while first.trainer.step < stop { _ = try first.advance(Interruption()) }
            try RunStateFile.write(first.state, identity: "x", to: path)
            let second = try run(
                family, choice, workers: 2, from: try RunStateFile.read(path, identity: "x"))
            #expect(second.trainer.step == stop)
            #expect(second.trainer.learned == first.trainer.learned)
            try finish(second)
            #expect(bits(second) == wanted, "stopped at \(stop)")
        }
    }

    @Test func aStateWeighsTheSameHoweverLongTheRunTook() throws {
        let run = try run("bert", .lora, workers: 1)
        _ = try run.advance(Interruption())
        let path = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID()).safetensors").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let sizes = try [0.1, 1.0 / 3, 86_399.123_456_7].map { seconds in
            var state = run.state
            (state.secondsInEpoch, state.trainer.seconds) = (seconds, 2 * seconds)
            try RunStateFile.write(state, identity: "x", to: path)
            let read = try RunStateFile.read(path, identity: "x")
            #expect(abs(read.secondsInEpoch - seconds) < 1e-6)
            #expect(abs(read.trainer.seconds - 2 * seconds) < 1e-6)
            return try Data(contentsOf: URL(filePath: path)).count
        }
        #expect(Set(sizes).count == 1)
    }

    /// Runs that were begun when seconds were written as numbers go on.
    @Test(arguments: [("12.5", 12.5), ("\"00000000012.500000\"", 12.5), ("0", 0)])
    func secondsAreReadAsTheyWereWritten(text: String, seconds: Double) throws {
        let read = try JSONDecoder().decode([ClockSeconds].self, from: Data("[\(text)]".utf8))
        #expect(read.map(\.wrappedValue) == [seconds])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([ClockSeconds].self, from: Data("[\"soon\"]".utf8))
        }
    }

    @Test func aStateSharesNothingWithTheRunThatGoesOn() throws {
        let first = try run("bert", .lora, workers: 1)
        for _ in 0..<3 { _ = try first.advance(Interruption()) }
        let state = first.state.copy()
        let values = state.trainer.weights.map(\.values.floats)
        try finish(first)
        #expect(state.trainer.weights.map(\.values.floats) == values)
        let second = try run("bert", .lora, workers: 1, from: state)
        try finish(second)
        #expect(state.trainer.weights.map(\.values.floats) == values)
        #expect(bits(second) == bits(first))
    }

    @Test func anInterruptComesBetweenSteps() throws {
        let run = try run("bert", .lora, workers: 1)
        _ = try run.advance(Interruption())
        let stop = Interruption()
        stop.request()
        #expect(throws: Interrupted.self) { _ = try run.advance(stop) }
        #expect(run.trainer.step == 1)
        try finish(run)
        #expect(run.trainer.step == Self.total)
    }

    @Test func aFurtherRunGoesOnWithOrderCountersAndOptimizer() throws {
        let one = try run("bert", .lora, workers: 1)
        try finish(one)
        let record = one.record(name: "run-1", method: "m", data: "d")
        let history = RunHistory(after: record)
        #expect(history.start == RunStart(steps: 12, epochs: 4))
        #expect(history.steps.map(\.step) == Array(1...12))
    }

    // MARK: - Stores

    @Test func statesComeWhenTheyAreDueAndOldOnesGo() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let place = RunPlace(folder.path)
        let store = try RunFolder(place.folder(of: "r"), identity: Self.identity, kept: 2)
        let run = try run("bert", .lora, workers: 1, store: store, every: 5)
        var written = 0
        while true {
            let event = try run.advance(Interruption())
            if case .state = event { written += 1 }
            if case .finished = event { break }
        }
        #expect(written == 2)
        let names = try FileManager.default.contentsOfDirectory(atPath: place.folder(of: "r")).sorted()
        #expect(
            names == ["lock", "run.json", "step-00000005.safetensors", "step-00000010.safetensors"])
        let found = try place.run(named: "r")
        #expect(found.isRunning && found.entry.step == 10 && found.status == "running")
        #expect(throws: Diagnostic.self) { _ = try place.delete(["r"]) }
        #expect(throws: Diagnostic.self) {
            _ = try RunFolder(place.folder(of: "r"), identity: Self.identity, kept: 2)
        }
    }

    static var identity: String {
        get throws { try entry(.running, RunState.empty).fingerprint.identity }
    }

    @Test func aDamagedStateGivesWayToTheOneBefore() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runs-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = RunPlace(folder.path).folder(of: "r")
        let run = try run("bert", .lora, workers: 1)
        var store: RunFolder? = try RunFolder(path, identity: "x", kept: 2)
        for step in [2, 4] {
            while run.trainer.step < step { _ = try run.advance(Interruption()) }
            _ = try store?.write(run.state)
        }
        store = nil
        #expect(try RunFolder.state(in: path, identity: "x")?.step == 4)
        #expect(throws: Diagnostic.self) { _ = try RunFolder.state(in: path, identity: "y") }
        let newest = "\(path)/step-00000004.safetensors"
        let bytes = try Data(contentsOf: URL(filePath: newest))
        // Cut off, and with one bit of its last tensor turned.
        var turned = bytes
        turned[turned.count - 2] ^= 1
        for damaged in [bytes.prefix(bytes.count / 2), turned] {
            try damaged.write(to: URL(filePath: newest))
            var told: [String] = []
            let state = try RunFolder.state(in: path, identity: "x") { told.append($0.message) }
            #expect(state?.step == 2 && told.count == 1)
        }
        #expect(!RunFolder.isRunning(path))
    }

    @Test(arguments: [
        ("r16", true), ("größe-2.1", true), ("a/b", false), ("..", false), ("", false), ("run-7", false),
        ("best", false), ("16", false), (".hidden", false), ("a b", false),
    ])
    func namesAreOfFolders(_ name: String, isGood: Bool) {
        #expect(((try? RunName.check(name)) != nil) == isGood)
    }

    // MARK: - What a run is known by

    @Test func settingsComeBackAsTheyWere() throws {
        var learning = TrainerSettings()
        learning.lr = 0.1
        learning.optimizer = OptimizerChoice(SGD.self, ["momentum": .number(0.9)])
        learning.schedule = ScheduleChoice(PolynomialSchedule.self, ["power": .number(2)])
        learning.warmup = .share(0.06)
        let bits = (0..<200).map { Float(bitPattern: UInt32(0x3000_0000 + 12_345_677 * UInt32($0 % 60))) }
        for lr in bits where lr.isFinite {
            learning.lr = lr
            let again = try JSONDecoder().decode(TrainerSettings.self, from: JSONEncoder().encode(learning))
            #expect(again == learning)
            #expect(again.lr.bitPattern == lr.bitPattern)
        }
    }

    @Test func equalRunsAreKnownByTheSameNumberAndOthersAreNot() throws {
        func identity(_ change: (inout RunSettings) -> Void = { _ in }, steps: Int = 6) throws -> String {
            var settings = try Self.entry(.running, RunState.empty).settings
            change(&settings)
            return try RunFingerprint(
                settings, horizon: steps, model: "m", examples: "e", start: [], groups: []
            ).identity
        }
        let usual = try identity()
        #expect(try identity { $0.model.name = "elsewhere" } == usual)
        #expect(try identity { $0.method.settings["targets"] = .names(["q"]) } == usual)
        #expect(try identity { $0.learning.maxSteps = 3 } == usual)
        #expect(try identity { $0.learning.lr *= 1.0000001 } != usual)
        #expect(try identity { $0.learning.seed += 1 } != usual)
        #expect(try identity { $0.method.settings["r"] = .count(9) } != usual)
        #expect(try identity { $0.model.precision = .native } != usual)
        #expect(try identity(steps: 7) != usual)
    }
}

extension RunState {
    static var empty: RunState {
        RunState(
            trainer: TrainerState(
                weights: [], optimizer: OptimizerSnapshot(optimizer: "adamw", stepCount: 0, tensors: []),
                history: [], tokens: 0, seconds: 0),
            earlier: RunHistory(), epochs: [], secondsInEpoch: 0, seen: SeenTexts())
    }
}
