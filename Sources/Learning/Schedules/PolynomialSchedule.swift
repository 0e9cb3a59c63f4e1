import Diagnostics
import Foundation

/// `(lr - lr_end) · (1 - step / total)^power + lr_end`, as get_polynomial_decay_schedule_with_warmup.
package struct PolynomialSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "polynomial", "down to lr_end, along a power of what is left",
        settings: [
            SettingDeclaration(
                "lr_end", "the learning rate to end with", .number(from: 0, to: 10), usual: .number(1e-7)),
            SettingDeclaration(
                "power", "1 is a straight line, more falls faster at first",
                .number(from: 0, to: 100, isOpen: true), usual: .number(1)),
        ])

    private let end, power: Double

    package init(_ values: SettingValues) {
        (end, power) = (values.double("lr_end"), values.double("power"))
    }

    /// As the reference, which ends below where it begins.
    package func check(lr: Double, warmup: Int) throws {
        guard end >= lr else { return }
        throw Diagnostic(
            "bad-value",
            "lr_end=\(Float(end)) is not below lr=\(Float(lr)): this schedule goes down",
            hint: "write schedule=constant, or an lr_end below lr")
    }

    package func factor(at point: SchedulePoint) -> Double {
        let left = max(0, 1 - Double(point.step) / Double(point.total))
        return ((point.lr - end) * pow(left, power) + end) / point.lr
    }
}
