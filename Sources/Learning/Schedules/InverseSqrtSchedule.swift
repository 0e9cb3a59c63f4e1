import Foundation

/// `1 / sqrt((t + timescale) / timescale)` after the warmup, as get_inverse_sqrt_schedule.
package struct InverseSqrtSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "inverse_sqrt", "down with the root of the steps, never to 0",
        settings: [
            SettingDeclaration(
                "timescale", "steps after which the rate has fallen by a root of two",
                .count(1...100_000_000),
                otherwise: "the steps of the warmup, 10,000 without one")
        ])

    private let timescale: Int?

    package init(_ values: SettingValues) { timescale = values.count("timescale") }

    package func factor(at point: SchedulePoint) -> Double {
        let scale = Double(timescale ?? (point.warmup > 0 ? point.warmup : 10_000))
        return 1 / ((Double(point.step) + scale) / scale).squareRoot()
    }
}
