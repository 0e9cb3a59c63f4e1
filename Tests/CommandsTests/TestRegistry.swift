@testable import Commands

/// The real verbs and the tests' own.
enum TestRegistry {
    static let commands: [any Command] = CommandRegistry.commands + own

    private static let own: [any Command] = [MethodCommand(BiasMethod.self), TrialCommand()]
}
