/// A schedule that was chosen, and its settings.
package typealias ScheduleChoice = Chosen<ScheduleRegistry>

extension Chosen where Registry == ScheduleRegistry {
    package func made() throws -> any Schedule { try kind.init(values) }
}
