/// `(total - step) / total`: from the full rate to nothing, as get_linear_schedule_with_warmup.
package struct LinearSchedule: Schedule {
    package init() {}

    package func factor(step: Int, total: Int) -> Double {
        max(0, Double(total - step) / Double(max(1, total)))
    }
}
