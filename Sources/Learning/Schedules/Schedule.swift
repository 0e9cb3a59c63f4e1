/// How the learning rate goes over a run: a factor of `lr` for each step, counted from 0.
package protocol Schedule: Sendable {
    /// - `step`: 0 for the first update; `total`: updates of the whole run.
    func factor(step: Int, total: Int) -> Double
}

/// The schedules by name.
package enum ScheduleRegistry {
    package static let all: [(name: String, summary: String, schedule: any Schedule)] = [
        ("constant", "the same lr throughout", ConstantSchedule()),
        ("linear", "down to 0 in a straight line", LinearSchedule()),
    ]

    package static func named(_ name: String) -> (any Schedule)? {
        all.first { $0.name == name }?.schedule
    }
}

/// A rise from 0 over the first steps, before another schedule goes on (`(T - t) / (T - w)` for linear).
package struct Warmup: Schedule {
    package let steps: Int
    package let then: any Schedule

    package init(steps: Int, then: any Schedule) {
        self.steps = steps
        self.then = then
    }

    /// How long the rise is.
    package enum Length: Sendable, Hashable {
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

    package func factor(step: Int, total: Int) -> Double {
        step < steps
            ? Double(step) / Double(max(1, steps))
            : then.factor(step: step - steps, total: max(1, total - steps))
    }
}
