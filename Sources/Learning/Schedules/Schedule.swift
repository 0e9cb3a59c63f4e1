/// How the learning rate goes over a run: a factor of `lr` for each step.
package protocol Schedule: Sendable {
    static var declaration: ChoiceDeclaration { get }

    /// - `values`: of the declared settings.
    /// - Throws: `bad-value` for settings that do not go together.
    init(_ values: SettingValues) throws

    func factor(at point: SchedulePoint) -> Double

    /// - Throws: `bad-value` where its settings do not go with the run's full rate.
    func check(lr: Double) throws
}

extension Schedule {
    package func check(lr: Double) throws {}
}

/// Where a run stands when a schedule is asked.
package struct SchedulePoint: Sendable, Hashable {
    /// 0 for the first update after the warmup.
    package let step: Int
    /// Updates of the whole run, without the warmup's; 1 or more.
    package let total: Int
    /// The full rate, for schedules that name rates and not shares of it.
    package let lr: Double

    package init(step: Int, total: Int, lr: Double) {
        (self.step, self.total, self.lr) = (step, max(1, total), lr)
    }
}
