import Diagnostics
import Testing

@Suite struct DiagnosticTests {
    @Test func theHintFollowsTheMessage() {
        let diagnostic = Diagnostic("no-model", "there is no model", hint: "model nano makes one")
        #expect("\(diagnostic)" == "there is no model; model nano makes one")
        #expect("\(Diagnostic("no-model", "there is no model"))" == "there is no model")
    }

    @Test func aPlaceOnceGivenStays() {
        let first = Diagnostic("x", "y").located(at: SourceSpan(1, 2))
        #expect(first.located(at: SourceSpan(5, 6)).span == SourceSpan(1, 2))
        #expect(first.located(at: nil).span == SourceSpan(1, 2))
    }

    @Test func anInterruptionHoldsUntilItIsCleared() throws {
        let interruption = Interruption()
        try interruption.check()
        interruption.request()
        #expect(throws: Interrupted.self) { try interruption.check() }
        interruption.clear()
        try interruption.check()
    }
}
