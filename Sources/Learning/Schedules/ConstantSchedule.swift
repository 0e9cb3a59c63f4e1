/// The same learning rate at every step.
package struct ConstantSchedule: Schedule {
    package init() {}

    package func factor(step: Int, total: Int) -> Double { 1 }
}
