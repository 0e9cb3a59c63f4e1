import Testing

@testable import Learning

@Suite struct LionTests {
    /// Rates and decay of two groups, and clipping, all at once.
    @Test func twentyStepsEqualTheReferences() throws {
        try GoldenSteps(of: "lion").check(Lion.self)
    }
}
