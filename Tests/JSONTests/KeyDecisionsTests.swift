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

    @Test func aBindingKeyIsNotIgnoredAndNobodyIsToldTo() {
        let bound = KeyDecisions("config.json", ["experts": .refused("dense models")], binding: ["experts"])
        let found = #expect(throws: Diagnostic.self) {
            try bound.check(["experts": 8], ignoring: ["experts"])
        }
        #expect(found?.hint == nil)
        #expect(bound.without(["experts"], ["experts": 8]) == ["experts": 8])
    }

    @Test func keysAreDecidedByTheirBeginningToo() throws {
        let notes = KeyDecisions("the header", ["a.b": .used], beginning: ["a.": .harmless("a note")])
        try notes.check(["a.b": 1, "a.c": 2])
        #expect(throws: Diagnostic.self) { try notes.check(["b.c": 2]) }
    }

    @Test func oneIsOnePointNought() throws {
        try KeyDecisions("config.json", ["scale": .only([1], "one is")]).check(["scale": 1.0])
    }

    @Test func whatIsIgnoredIsGoneAtItsPlaceAlone() {
        #expect(decisions.without(["rope.date"], ["date": 1, "width": 2], at: "rope.") == ["width": 2])
        #expect(decisions.without(["rope.date"], ["date": 1]) == ["date": 1])
    }
}
