/// `(total - step) / total`: from the full rate to nothing, as get_linear_schedule_with_warmup.
package struct LinearSchedule: Schedule {
    package static let declaration = ChoiceDeclaration("linear", "down to 0 in a straight line")

    package init(_ values: SettingValues) {}

    package func factor(at point: SchedulePoint) -> Double {
        max(0, Double(point.total - point.step) / Double(point.total))
    }
}
