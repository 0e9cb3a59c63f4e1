/// A rise from 0 over the first steps, before a schedule goes on (`(T - t) / (T - w)` for linear).
package struct Warmup: Sendable {
    package let steps: Int
    package let then: any Schedule

    package init(steps: Int, then: any Schedule) {
        self.steps = steps
        self.then = then
    }

    /// How long the rise is.
    package enum Length: Sendable, Hashable, Codable {
        /// May be more than the run has; the full rate is then not reached.
        case steps(Int)
        /// A share of all steps (0…1), of which Transformers takes the ceiling
        /// (`TrainingArguments.get_warmup_steps`).
        case share(Double)

        package func steps(of total: Int) -> Int {
            switch self {
            case .steps(let count): count
            case .share(let share): Int(exactly: (share * Double(total)).rounded(.up)) ?? total
            }
        }
    }

    /// - `step`: 0 for the first update; `total`: updates of the whole run.
    /// - `lr`: the full rate.
    package func factor(step: Int, total: Int, lr: Double) -> Double {
        step < steps
            ? Double(step) / Double(max(1, steps))
            : then.factor(
                at: SchedulePoint(step: step - steps, total: total - steps, warmup: steps, lr: lr))
    }
}
