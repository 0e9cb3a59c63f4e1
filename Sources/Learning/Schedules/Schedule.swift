import Diagnostics

/// How the learning rate goes over a run: a factor of `lr` for each step.
package protocol Schedule: Sendable {
    static var declaration: ChoiceDeclaration { get }

    /// - `values`: of the declared settings.
    /// - Throws: `bad-value` for settings that do not go together.
    init(_ values: SettingValues) throws

    func factor(at point: SchedulePoint) -> Double

    /// - Throws: `bad-value` where its settings do not go with the run's full rate, or with a warmup of so many steps.
    func check(lr: Double, warmup: Int) throws
}

extension Schedule {
    package func check(lr: Double, warmup: Int) throws {}

    /// For one that begins with a rise of its own.
    func refuse(_ warmup: Int, instead key: String) throws {
        guard warmup > 0 else { return }
        let name = Self.declaration.name
        throw Diagnostic(
            "bad-value",
            "\(name) begins with a rise of its own, and a warmup would come before it",
            hint: "leave warmup out; \(key) says how long the rise is")
    }
}

/// Where a run stands when a schedule is asked.
package struct SchedulePoint: Sendable, Hashable {
    /// 0 for the first update after the warmup.
    package let step: Int
    /// Updates of the whole run, without the warmup's; 1 or more.
    package let total: Int
    /// Updates of the warmup.
    package let warmup: Int
    /// The full rate, for schedules that name rates and not shares of it.
    package let lr: Double

    package init(step: Int, total: Int, warmup: Int = 0, lr: Double) {
        (self.step, self.total, self.warmup, self.lr) = (step, max(1, total), warmup, lr)
    }

    /// Of the steps, how large a part is done: 0 at the first.
    package var share: Double { Double(step) / Double(total) }
}
