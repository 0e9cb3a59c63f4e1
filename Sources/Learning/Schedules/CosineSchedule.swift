import Foundation

/// `½ (1 + cos(2π · num_cycles · t / T))`, as get_cosine_schedule_with_warmup (Loshchilov & Hutter 2017).
package struct CosineSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "cosine", "down to 0 along half a wave",
        settings: [
            SettingDeclaration(
                "num_cycles", "waves over the run", .number(from: 0, to: 1000, isOpen: true),
                usual: .number(0.5))
        ])

    private let cycles: Double

    package init(_ values: SettingValues) {
        cycles = values.double("num_cycles")
    }

    package func factor(at point: SchedulePoint) -> Double {
        max(0, 0.5 * (1 + cos(.pi * cycles * 2 * point.share)))
    }
}
