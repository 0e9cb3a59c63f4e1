import Diagnostics

/// Up in a straight line from `lr / ratio` to lr over the first `cut_frac · T` steps, and down again over the rest
/// (Howard & Ruder 2018, equation 3).
///
/// The publication goes down by `cut · (1 / cut_frac - 1)` steps, which are those that are left where `cut_frac · T` is
/// whole; where it is not, they are too few, and the rate would pass below 0: here it is always what is left.
package struct SlantedTriangularSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "slanted_triangular", "up in a short straight line and down in a long one (ULMFiT)",
        aliases: ["stlr"],
        settings: [
            SettingDeclaration(
                "cut_frac", "share of the steps on which it rises",
                .number(from: 0, to: 1, isOpenAbove: true),
                usual: .number(0.1)),
            SettingDeclaration(
                "ratio", "lr over the rate that it begins and ends with", .number(from: 1, to: 1e9),
                usual: .number(32)),
        ])

    private let cut, ratio: Double

    package init(_ values: SettingValues) {
        (cut, ratio) = (values.double("cut_frac"), values.double("ratio"))
    }

    package func check(lr: Double, warmup: Int) throws {
        try refuse(warmup, instead: "cut_frac=")
    }

    package func factor(at point: SchedulePoint) -> Double {
        let top = (cut * Double(point.total)).rounded(.down)
        let step = Double(min(point.step, point.total))
        let share =
            step < top
            ? step / top : top < Double(point.total) ? 1 - (step - top) / (Double(point.total) - top) : 1
        return (1 + share * (ratio - 1)) / ratio
    }
}
