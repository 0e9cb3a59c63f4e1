import Testing

@testable import Learning

@Suite struct AdamWTests {
    /// Rates and decay of two groups, and clipping, all at once.
    @Test func twentyStepsEqualPyTorchs() throws {
        try GoldenSteps(of: "adamw").check(AdamW.self)
    }
}
