/// The same learning rate at every step.
package struct ConstantSchedule: Schedule {
    package static let declaration = ChoiceDeclaration(
        "constant", "the same lr throughout", aliases: ["constant_with_warmup"])

    package init(_ values: SettingValues) {}

    package func factor(at point: SchedulePoint) -> Double { 1 }
}
