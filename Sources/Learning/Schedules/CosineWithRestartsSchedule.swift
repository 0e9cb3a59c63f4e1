import Foundation

/// `½ (1 + cos(π · (num_cycles · t / T mod 1)))`, as get_cosine_with_hard_restarts_schedule_with_warmup
/// (Loshchilov & Hutter 2017).
package struct CosineWithRestartsSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "cosine_with_restarts", "down to 0 along half a wave, and from the full rate again",
        settings: [
            SettingDeclaration(
                "num_cycles", "waves over the run", .number(from: 0, to: 1000, isOpen: true),
                usual: .number(1))
        ])

    private let cycles: Double

    package init(_ values: SettingValues) {
        cycles = values.double("num_cycles")
    }

    package func factor(at point: SchedulePoint) -> Double {
        guard point.share < 1 else { return 0 }
        return max(0, 0.5 * (1 + cos(.pi * (cycles * point.share).truncatingRemainder(dividingBy: 1))))
    }
}
