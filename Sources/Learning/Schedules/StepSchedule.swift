import Foundation

/// `gamma ^ floor(t / step_size)`, as torch.optim.lr_scheduler.StepLR.
package struct StepSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "step", "the same lr for some steps, then a part of it",
        settings: [
            SettingDeclaration(
                "step_size", "steps with the same rate", .count(1...100_000_000),
                otherwise: "a third of the run's"),
            SettingDeclaration(
                "gamma", "what the rate is multiplied by then", .number(from: 0, to: 1, isOpen: true),
                usual: .number(0.1)),
        ])

    private let size: Int?
    private let gamma: Double

    package init(_ values: SettingValues) {
        (size, gamma) = (values.count("step_size"), values.double("gamma"))
    }

    package func factor(at point: SchedulePoint) -> Double {
        let size = size ?? max(1, (point.total + 2) / 3)
        return pow(gamma, Double(point.step / size))
    }
}
