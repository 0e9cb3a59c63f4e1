/// The schedules.
package enum ScheduleRegistry {
    package static let all: [any Schedule.Type] = [
        ConstantSchedule.self,
        LinearSchedule.self,
        CosineSchedule.self,
        CosineWithRestartsSchedule.self,
        PolynomialSchedule.self,
        InverseSqrtSchedule.self,
        OneCycleSchedule.self,
        SlantedTriangularSchedule.self,
        StepSchedule.self,
    ]

    package static let usual: any Schedule.Type = LinearSchedule.self

    package static func named(_ name: String) -> (any Schedule.Type)? {
        all.first { $0.declaration.name == name }
    }
}
