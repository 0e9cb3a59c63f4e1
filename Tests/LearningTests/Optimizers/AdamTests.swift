import Testing

@testable import Learning

@Suite struct AdamTests {
    /// Rates and decay of two groups, and clipping, all at once.
    @Test func twentyStepsEqualTheReferences() throws {
        try GoldenSteps(of: "adam").check(Adam.self)
    }
}
