/// The schedules.
package enum ScheduleRegistry: ChoiceRegistry {
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

    package static let noun = "schedule"

    package static func declaration(of kind: any Schedule.Type) -> ChoiceDeclaration { kind.declaration }
}
