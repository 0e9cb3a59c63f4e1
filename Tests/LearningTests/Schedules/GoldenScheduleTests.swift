import Diagnostics
import Foundation
import Testing

@testable import Learning

/// The factors that `Tests/Golden/make_schedules.py` had Transformers, PyTorch and the publications' formulas give.
@Suite struct GoldenScheduleTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let schedule: String
            let settings: [String: Double]
            let warmup: Int
            let factors: [Double]
        }

        let lr: Double
        let cases: [Case]
    }

    @Test func theFactorsAreTheReferences() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/fixtures/schedules.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        for entry in golden.cases {
            let kind = try #require(ScheduleRegistry.named(entry.schedule))
            let given = entry.settings.map { name, value -> (String, SettingValue) in
                let declared = kind.declaration.settings.first { $0.name == name }
                if case .count? = declared?.kind { return (name, .count(Int(value))) }
                return (name, .number(value))
            }
            let made = try ScheduleChoice(kind, Dictionary(uniqueKeysWithValues: given)).made()
            try made.check(lr: golden.lr, warmup: entry.warmup)
            let schedule = Warmup(steps: entry.warmup, then: made)
            for (step, wanted) in entry.factors.enumerated() {
                let factor = schedule.factor(step: step, total: entry.factors.count, lr: golden.lr)
                #expect(abs(factor - wanted) < 1e-12, "\(entry.schedule) \(entry.settings), step \(step)")
            }
        }
        #expect(Set(golden.cases.map(\.schedule)).count == 6)
    }

    /// A share that makes no whole number of steps, and fewer steps than one tenth of them.
    @Test(arguments: [1, 3, 7, 19, 101])
    func theTriangleEndsWhereItBegan(total: Int) throws {
        let schedule = try ScheduleChoice(SlantedTriangularSchedule.self).made()
        let factors = (0...total).map { schedule.factor(at: SchedulePoint(step: $0, total: total, lr: 1)) }
        let top = try #require(factors.max())
        #expect(top == 1 && abs((factors.last ?? 0) - 1 / 32.0) < 1e-12)
        let place = try #require(factors.firstIndex(of: top))
        #expect(factors[..<place].elementsEqual(factors[..<place].sorted()))
        #expect(factors[place...].elementsEqual(factors[place...].sorted(by: >)))
    }

    @Test(arguments: [OneCycleSchedule.self, SlantedTriangularSchedule.self] as [any Schedule.Type])
    func oneThatRisesByItselfTakesNoWarmup(kind: any Schedule.Type) throws {
        let schedule = try ScheduleChoice(kind).made()
        try schedule.check(lr: 1, warmup: 0)
        #expect(throws: Diagnostic.self) { try schedule.check(lr: 1, warmup: 1) }
    }

    /// A third of the run's steps where nothing is said.
    @Test func stepsAreThirds() throws {
        let schedule = try ScheduleChoice(StepSchedule.self).made()
        let factors = (0..<9).map { schedule.factor(at: SchedulePoint(step: $0, total: 9, lr: 1)) }
        let wanted = [1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01]
        #expect(zip(factors, wanted).allSatisfy { abs($0 - $1) < 1e-12 })
    }
}
