import Diagnostics
import Foundation

/// Up from `lr / div` to lr over the first part and down to `lr / div_final`, each along half a wave (Smith 2018), as
/// fastai's fit_one_cycle. The optimizer's momentum stays as it is.
package struct OneCycleSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "one_cycle", "up from a small rate and down to a smaller one, along waves",
        aliases: ["onecycle", "1cycle"],
        settings: [
            SettingDeclaration(
                "pct_start", "share of the steps on which it rises",
                .number(from: 0, to: 1, isOpen: true, isOpenAbove: true), usual: .number(0.25)),
            SettingDeclaration(
                "div", "lr over the rate that it begins with", .number(from: 1, to: 1e9), usual: .number(25)),
            SettingDeclaration(
                "div_final", "lr over the rate that it ends with", .number(from: 1, to: 1e12),
                usual: .number(1e5)),
        ])

    private let rise, div, divFinal: Double

    package init(_ values: SettingValues) {
        (rise, div, divFinal) = (values.double("pct_start"), values.double("div"), values.double("div_final"))
    }

    package func check(lr: Double, warmup: Int) throws {
        try refuse(warmup, instead: "pct_start=")
    }

    package func factor(at point: SchedulePoint) -> Double {
        point.share < rise
            ? wave(from: 1 / div, to: 1, at: point.share / rise)
            : wave(from: 1, to: 1 / divFinal, at: (point.share - rise) / (1 - rise))
    }

    private func wave(from start: Double, to end: Double, at place: Double) -> Double {
        start + (1 + cos(.pi * (1 - place))) * (end - start) / 2
    }
}
