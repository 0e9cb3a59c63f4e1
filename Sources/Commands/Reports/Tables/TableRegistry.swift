import Display

/// Something that `table` can show from the state of a session.
struct SessionTable: Sendable {
    let name: String
    let summary: String
    let make: @Sendable (_ engine: EngineState, _ showsTimes: Bool) throws -> any Displayable
}

enum TableRegistry {
    static let all: [SessionTable] = [.classes, .confusion, .epochs, .steps]
}
