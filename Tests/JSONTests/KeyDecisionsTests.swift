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

    @Test func theLongestBeginningDecides() {
        let keys = ["a.": KeyDecision.harmless("a note"), "a.b.": .refused("none"), "a.b.c.": .used]
        for _ in 0..<20 {
            // A dictionary's order differs from one to the next.
            let notes = KeyDecisions(
                "the header", [:], beginning: Dictionary(uniqueKeysWithValues: keys.shuffled()))
            guard case .used = notes.decision(on: "a.b.c.d"), case .refused = notes.decision(on: "a.b.d")
            else {
                Issue.record("a shorter beginning decided")
                return
            }
        }
    }

    @Test func adviceToIgnoreIsWordedInOnePlace() {
        #expect(
            KeyDecisions.hint(ignoring: ["a", "b"])
                == "ignore=a,b goes on without them; results may then differ from the reference's")
        #expect(KeyDecisions.hint(ignoring: ["a"], "takes it as it is")?.hasPrefix("ignore=a takes") == true)
        #expect(KeyDecisions.hint(ignoring: [String(repeating: "a", count: 500)]) == nil)
    }

    @Test func keysToGoWithoutAreThoseOfTheFiles() throws {
        let names = IgnoredKeys.names(
            in: ["a": ["b": ["c": 1]], "list": [["flag": true]], "model": ["vocab": ["token": 1]]])
        #expect(
            names == [
                "a", "a.b", "b", "a.b.c", "a.c", "c", "list", "list.flag", "flag", "model", "model.vocab",
                "vocab",
            ])
        let found = #expect(throws: Diagnostic.self) {
            try IgnoredKeys.require(["lsit"], among: names, of: "the files")
        }
        #expect(found?.code == "unknown-key" && found?.hint == "did you mean list?")
        try IgnoredKeys.require(["list", "a.c"], among: names, of: "the files")
    }

    @Test func oneIsOnePointNought() throws {
        try KeyDecisions("config.json", ["scale": .only([1], "one is")]).check(["scale": 1.0])
    }

    @Test func whatIsIgnoredIsGoneAtItsPlaceAlone() {
        #expect(decisions.without(["rope.date"], ["date": 1, "width": 2], at: "rope.") == ["width": 2])
        #expect(decisions.without(["rope.date"], ["date": 1]) == ["date": 1])
    }
}
