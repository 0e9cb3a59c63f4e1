import Testing

@testable import Learning

/// What every schedule of the registry holds to.
@Suite struct ScheduleTests {
    struct Entry: Sendable, CustomTestStringConvertible {
        let kind: any Schedule.Type
        var testDescription: String { kind.declaration.name }
    }

    static let every = ScheduleRegistry.all.map { Entry(kind: $0) }

    @Test(arguments: every)
    func declaredDefaultsAreValid(_ entry: Entry) throws {
        entry.kind.declaration.check()
        _ = try ScheduleChoice(entry.kind).made()
        #expect(ScheduleRegistry.named(entry.kind.declaration.name) == entry.kind)
    }

    @Test func theUsualOneIsRegistered() {
        #expect(ScheduleRegistry.all.contains { $0 == ScheduleRegistry.usual })
        let names = ScheduleRegistry.all.flatMap { [$0.declaration.name] + $0.declaration.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: every)
    func theRateStaysBetweenNothingAndTheFullOne(_ entry: Entry) throws {
        let schedule = try ScheduleChoice(entry.kind).made()
        for total in [1, 7, 10, 1000] {
            let factors = (0...total).map {
                schedule.factor(at: SchedulePoint(step: $0, total: total, lr: 1e-3))
            }
            #expect(factors.allSatisfy { (0...1).contains($0) })
            #expect(factors[0] > 0)
        }
    }

    /// Transformers' get_linear_schedule_with_warmup and get_constant_schedule_with_warmup.
    @Test(arguments: [0, 1, 4, 30])
    func aWarmupComesBeforeASchedule(warmup: Int) throws {
        let total = 20
        let linear = Warmup(steps: warmup, then: try ScheduleChoice(LinearSchedule.self).made())
        let constant = Warmup(steps: warmup, then: try ScheduleChoice(ConstantSchedule.self).made())
        for step in 0..<total {
            let rise = Double(step) / Double(max(1, warmup))
            let fall = max(0, Double(total - step) / Double(max(1, total - warmup)))
            #expect(linear.factor(step: step, total: total, lr: 1) == (step < warmup ? rise : fall))
            #expect(constant.factor(step: step, total: total, lr: 1) == (step < warmup ? rise : 1))
        }
    }

    /// For one that names a rate, as polynomial decay's end.
    @Test func aScheduleSeesTheRateBehindAWarmup() {
        struct Ending: Schedule {
            static let declaration = ChoiceDeclaration("ending", "down to a rate")
            init(_ values: SettingValues) {}
            func factor(at point: SchedulePoint) -> Double { 1e-7 / point.lr }
        }
        let schedule = Warmup(steps: 2, then: Ending(SettingValues([])))
        #expect(schedule.factor(step: 5, total: 9, lr: 1e-3) == 1e-7 / 1e-3)
    }
}
