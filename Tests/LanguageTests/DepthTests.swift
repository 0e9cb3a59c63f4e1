import Diagnostics
import Testing

@testable import Language

/// Nothing that a cell holds goes deeper than the stack, or grows without end.
@Suite struct DepthTests {
    private static let cells = [
        "round brackets": "say " + String(repeating: "(", count: 20_000) + "a"
            + String(repeating: ")", count: 20_000),
        "open brackets": "x=" + String(repeating: "(", count: 20_000) + "a",
        "square brackets": "say x=" + String(repeating: "[", count: 20_000) + "a"
            + String(repeating: "]", count: 20_000),
        "blocks": String(repeating: "sweep\n", count: 20_000) + String(repeating: "end\n", count: 20_000),
        "open blocks": String(repeating: "sweep\n", count: 20_000),
    ]

    @Test(arguments: cells.keys.sorted())
    func deepNestingIsAProblemAndNoCrash(kind: String) throws {
        let cell = try #require(Self.cells[kind])
        let script = Sample.lexicon.parse(cell)
        #expect(script.statements.count == 1)
        #expect(script.statements[0].firstProblem != nil)
        _ = Completeness(of: cell, lexicon: Sample.lexicon, binder: Sample.binder)
        let end = cell.unicodeScalars.count
        for cursor in [0, 3, end / 2, end] {
            _ = Completer(Sample.lexicon, variables: Variables(), candidates: Sample.candidates)
                .complete(cell, cursor: cursor)
            _ = Inspector(Sample.lexicon, variables: Variables(), candidates: Sample.candidates)
                .inspect(cell, cursor: cursor, detail: 1)
        }
    }

    @Test func whatFollowsADeepNestIsRead() {
        let blocks = String(repeating: "sweep\n", count: 100) + String(repeating: "end\n", count: 100)
        let script = Sample.lexicon.parse(blocks + "say a\nsay ((b))")
        #expect(script.statements.map(\.head) == ["sweep", "say", "say"])
        #expect(script.openBlocks == 0)
        #expect(script.statements[0].firstProblem?.code == "too-deep")
        #expect(script.statements[2].firstProblem == nil)
        let brackets = "say " + String(repeating: "(", count: 99) + String(repeating: ")", count: 99) + " b"
        #expect(Sample.lexicon.parse(brackets).statements[0].firstProblem?.code == "too-deep")
    }

    /// Fills a variable with an expression of itself, until that is refused.
    private func growth(of first: Literal, by line: String) throws -> (rounds: Int, problem: Diagnostic?) {
        var variables = Variables()
        variables["x"] = first
        guard case .assignment(_, let expression) = try #require(Parser.parse(line).statements.first).kind
        else {
            throw Diagnostic("no-assignment", line)
        }
        for round in 0..<100_000 {
            do {
                variables["x"] = try variables.fill(expression)
            } catch {
                return (round, error as? Diagnostic)
            }
        }
        return (.max, nil)
    }

    @Test(arguments: ["x=\"$x$x\"", "x=$x$x", "x=($x $x)", "x=$x,$x", "x=\"$x and $x\"", "x=($x)"])
    func aValueStopsGrowing(line: String) throws {
        for first in [Literal.text("abc"), .list([])] where !(first == .list([]) && line.contains("x$x")) {
            let (rounds, problem) = try growth(of: first, by: line)
            #expect(problem?.code == "too-large", "\(line) went on for \(rounds) rounds")
            #expect(rounds < 100)
        }
    }

    @Test func oneLongValueIsFine() throws {
        var variables = Variables()
        variables["text"] = .text(String(repeating: "a", count: 1_000_000))
        #expect(try Sample.bind("say $text", variables: variables)[Sample.words][0].count == 1_000_000)
    }

    @Test func anErrorQuotesALongValueShortly() throws {
        var variables = Variables()
        variables["text"] = .text(String(repeating: "a", count: 1_000_000))
        for line in ["lora r=$text", "lora optimizer=$text", "load $text"] {
            let problem = try #require(Sample.problem(line, variables: variables))
            #expect(problem.message.count < 200, "\(line)")
            #expect((problem.hint ?? "").count < 200, "\(line)")
        }
    }
}
