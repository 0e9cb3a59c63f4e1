import Testing

@testable import Learning

@Suite struct RMSpropTests {
    /// Rates and decay of two groups, and clipping, all at once.
    @Test func twentyStepsEqualTheReferences() throws {
        try GoldenSteps(of: "rmsprop").check(RMSprop.self)
    }
}
