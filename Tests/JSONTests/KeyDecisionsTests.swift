import Diagnostics
import Testing

@testable import JSON

@Suite struct KeyDecisionsTests {
    private let decisions = KeyDecisions(
        "config.json",
        [
            "width": .used, "date": .harmless("says when"), "positions": .only(["absolute"], "absolute ones"),
            "experts": .refused("dense models"),
        ])

    private func problem(_ json: JSON, ignoring: Set<String> = []) -> Diagnostic? {
        do {
            try decisions.check(json, ignoring: ignoring)
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    @Test func whatIsKnownAndSupportedPasses() {
        #expect(
            problem(["width": 3, "date": "today", "positions": "absolute", "experts": nil]) == nil)
        #expect(problem(["experts": [], "positions": nil]) == nil)
    }

    @Test func anUnknownKeyIsRefusedByName() {
        let found = problem(["width": 3, "depth": 2])
        #expect(found?.code == "unsupported-key")
        #expect(found?.message.contains("config.json: depth is not known") == true)
        #expect(found?.hint?.contains("ignore=depth") == true)
    }

    @Test func anotherValueOfAClosedSetIsRefused() {
        #expect(problem(["positions": "relative"])?.message.contains("absolute ones") == true)
        #expect(problem(["experts": 8])?.message.contains("dense models") == true)
    }

    @Test func ignoredKeysPassAndTheHintIgnoresThemAll() {
        let found = problem(["experts": 8, "depth": 2])
        #expect(found?.hint?.contains("ignore=experts,depth") == true)
        #expect(problem(["experts": 8, "depth": 2], ignoring: ["experts", "depth"]) == nil)
    }
}
