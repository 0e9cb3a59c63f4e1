import Foundation
import JSON
import Testing

@testable import Commands

/// What a plan thinks a run will take, where something ends the run, or holds more than the weights.
@Suite struct ExpectationTests {
    private func value(_ line: String) throws -> JSON {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=64 test=16 validation=16\nlora r=4")
        return try #require(bench.run(line).statements.last?.value)
    }

    @Test func aLimitOfTimeIsWhatARunTakesAtMost() throws {
        let whole = try #require(value("train epochs=20")["expected"]?["seconds"]?.number)
        let cut = try #require(value("train epochs=20 minutes=0.0001")["expected"]?["seconds"]?.number)
        #expect(cut < whole && cut >= 0.006)
        let same = try #require(value("train epochs=20 minutes=1000")["expected"]?["seconds"]?.number)
        #expect(same > cut)
    }

    @Test(arguments: [
        ("train epochs=3", true), ("train epochs=1", false), ("train epochs=3 keep=last_only", false),
    ])
    func theBestWeightsCountWhereTheyAreHeldApart(line: String, isHeld: Bool) throws {
        let expected = try #require(value(line)["expected"])
        let parts = try #require(expected["of_bytes"]?.object)
        #expect((parts["best"]?.integer ?? 0 > 0) == isHeld)
        if isHeld { #expect(parts["best"] == parts["weights"]) }
        #expect(parts.reduce(0) { $0 + ($1.value.integer ?? 0) } == expected["bytes"]?.integer)
    }
}
