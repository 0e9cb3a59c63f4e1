import Testing

@testable import Learning

@Suite struct PolynomialScheduleTests {
    /// Transformers 5.23.0: the factors of get_polynomial_decay_schedule_with_warmup, three steps of warmup of ten.
    @Test(
        arguments: [
            (
                1e-3, [:],
                [
                    0.0, 0.333333333333, 0.666666666667, 1.0, 0.857157142857, 0.714314285714, 0.571471428571,
                    0.428628571429, 0.285785714286, 0.142942857143,
                ]
            ),
            (
                2e-3, ["power": 2, "lr_end": 5e-4],
                [
                    0.0, 0.333333333333, 0.666666666667, 1.0, 0.801020408163, 0.632653061224, 0.494897959184,
                    0.387755102041, 0.311224489796, 0.265306122449,
                ]
            ),
        ] as [(Double, [String: Double], [Double])])
    func theFactorsAreTransformers(lr: Double, settings: [String: Double], wanted: [Double]) throws {
        let choice = ScheduleChoice(
            PolynomialSchedule.self, settings.mapValues { SettingValue.number($0) })
        let schedule = Warmup(steps: 3, then: try choice.made())
        #expect(wanted.count == 10)
        for (step, factor) in wanted.enumerated() {
            #expect(abs(schedule.factor(step: step, total: 10, lr: lr) - factor) < 1e-9, "step \(step)")
        }
    }
}
