/// A schedule that was chosen, and its settings.
package struct ScheduleChoice: Sendable, Hashable {
    package let kind: any Schedule.Type
    package let values: SettingValues

    /// - `given`: settings that are not as declared, by name.
    package init(
        _ kind: any Schedule.Type = ScheduleRegistry.usual, _ given: [String: SettingValue] = [:]
    ) {
        (self.kind, values) = (kind, SettingValues(kind.declaration.settings, given))
    }

    package init(_ kind: any Schedule.Type, _ values: SettingValues) {
        (self.kind, self.values) = (kind, values)
    }

    package func made() throws -> any Schedule { try kind.init(values) }

    package static func == (a: Self, b: Self) -> Bool {
        a.kind.declaration == b.kind.declaration && a.values == b.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind.declaration.name)
        hasher.combine(values)
    }
}
