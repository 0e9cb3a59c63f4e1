import Compute
import Diagnostics
import Testing

@testable import Learning

@Suite struct AdafactorTests {
    /// Matrices, vectors and a stack of matrices; groups with a rate of their own, one of which rests; clipping.
    @Test func twentyStepsEqualTransformers() throws {
        try GoldenSteps(of: "adafactor").check(Adafactor.self)
    }

    private static let matrices = [[[64, 48], [5]], [[7], [30, 20]]]

    private static func choice(_ given: [String: SettingValue] = [:]) -> OptimizerChoice {
        OptimizerChoice(Adafactor.self, given)
    }

    /// Of a matrix there are a row and a column, of a vector all squares.
    @Test func nextToNothingOfAMatrixIsKept() throws {
        let groups = SampleGroups(shapes: Self.matrices).all
        let plain = try Self.choice().made(for: groups, workers: nil)
        #expect(plain.state.valueCount == 64 + 48 + 5 + 7 + 30 + 20)
        #expect(plain.snapshot().tensors.allSatisfy { $0.values.count > 0 })
        let moving = try Self.choice(["beta1": .number(0.9)]).made(for: groups, workers: nil)
        #expect(moving.state.valueCount == plain.state.valueCount + 64 * 48 + 5 + 7 + 600)
    }

    private static let lively: [[String: SettingValue]] = [
        [:], ["beta1": .number(0.9), "weight_decay": .number(0.1), "scale_parameter": .flag(true)],
        ["relative_step": .flag(true), "warmup_init": .flag(true), "scale_parameter": .flag(true)],
    ]

    /// Also where a group has rested, and counts steps of its own.
    @Test(arguments: lively)
    func aResumedRunIsTheUninterruptedOneBitForBit(given: [String: SettingValue]) throws {
        let whole = SampleGroups(shapes: Self.matrices, rests: true)
        let optimizer = try Self.choice(given).made(for: whole.all, workers: nil)
        func step(_ number: Int, _ groups: SampleGroups, _ optimizer: any Optimizer) {
            optimizer.step(
                gradients: groups.gradients(number, resting: number % 3 == 1), gradientScale: 0.7, lr: 0.01)
        }
        for number in 0..<5 { step(number, whole, optimizer) }
        let (snapshot, resumed) = (optimizer.snapshot(), SampleGroups(shapes: Self.matrices, rests: true))
        resumed.take(whole)
        let other = try Self.choice(given).made(for: resumed.all, workers: nil)
        try other.restore(snapshot)
        for number in 5..<10 {
            step(number, whole, optimizer)
            step(number, resumed, other)
        }
        #expect(resumed.values.map(\.bitPattern) == whole.values.map(\.bitPattern))
        #expect(
            optimizer.snapshot().tensors.map(\.values.floats) == other.snapshot().tensors.map(\.values.floats)
        )
    }

    /// Matrices of several pieces, which workers share.
    @Test(arguments: lively)
    func workersChangeNoBitOfAMatrix(given: [String: SettingValue]) throws {
        let workers = Workers(count: 8)
        defer { workers.close() }
        let results = try [nil, workers].map { workers in
            let groups = SampleGroups(shapes: [[[1100, 700], [9]], [[3, 500, 600]]])
            let optimizer = try Self.choice(given).made(for: groups.all, workers: workers)
            for step in 0..<2 {
                optimizer.step(gradients: groups.gradients(step), gradientScale: 1, lr: 0.01)
            }
            return groups.values.map(\.bitPattern)
        }
        #expect(results[0] == results[1])
    }

    @Test func ratesOfItsOwnAreTransformers() throws {
        func rate(_ given: [String: SettingValue], _ step: Int) -> Double? {
            Self.choice(given).ownRate(at: step)
        }
        #expect(rate([:], 1) == nil)
        #expect(rate(["relative_step": .flag(true)], 1) == 0.01)
        #expect(rate(["relative_step": .flag(true)], 1_000_000) == 0.001)
        #expect(rate(["relative_step": .flag(true), "warmup_init": .flag(true)], 7) == 7e-6)
        #expect(OptimizerChoice(AdamW.self).ownRate(at: 3) == nil)
    }

    @Test func aWarmupOfRelativeStepsWithoutThemIsRefused() {
        let problem = #expect(throws: Diagnostic.self) {
            try Self.choice(["warmup_init": .flag(true)]).made(for: [], workers: nil)
        }
        #expect(problem?.hint?.contains("relative_step=yes") == true)
    }
}
