import Diagnostics
import Testing

@testable import Language

@Suite struct AlternativesTests {
    /// The lines of the block that a cell consists of.
    private func lines(_ cell: String) throws -> [Statement] {
        guard case .block(_, let body, _) = try #require(Sample.lexicon.parse(cell).statements.first).kind
        else { throw Diagnostic("no-block", cell) }
        return body
    }

    private func problem<Result>(_ work: () throws -> Result) -> Diagnostic? {
        do { _ = try work() } catch { return error as? Diagnostic }
        return nil
    }

    private let cell = """
        sweep
          rank=[4, 8]
          lora r=$rank alpha=1..4 log targets=[q_proj, (q_proj v_proj)]
          tell us [a, 'b c']
          sweep
            lora r=[1, 2]
          end
        end
        """

    @Test func theyAreFoundInOrderWithTheirKeysAndPlaces() throws {
        let found = try Variables().alternatives(in: lines(cell))
        #expect(found.map(\.key) == ["rank", "alpha", "targets", nil])
        #expect(
            found.map(\.values) == [
                .options([.word("4"), .word("8")]), .range(low: 1, high: 4, isLogarithmic: true),
                .options([.word("q_proj"), .list([.word("q_proj"), .word("v_proj")])]),
                .options([.word("a"), .text("b c")]),
            ])
        let scalars = Array(cell.unicodeScalars)
        let sources = found.map { String(String.UnicodeScalarView(scalars[$0.span.start..<$0.span.end])) }
        #expect(sources == ["[4, 8]", "1..4 log", "[q_proj, (q_proj v_proj)]", "[a, 'b c']"])
    }

    @Test func whatIsChosenStandsInTheirPlace() throws {
        let lines = try lines(cell)
        let found = try Variables().alternatives(in: lines)
        let values: [Literal] = [.word("8"), .word("2.5"), .list([.word("k"), .word("v")]), .text("b c")]
        let chosen = try ChosenLines(
            lines, choosing: Dictionary(uniqueKeysWithValues: zip(found.map(\.span), values)))
        #expect(chosen.choice == "rank=8 alpha=2.5 targets=(k v) 'b c'")
        guard case .assignment(_, let rank) = chosen.lines[0].kind,
            case .command(let lora) = chosen.lines[1].kind, case .command(let tell) = chosen.lines[2].kind
        else { throw Diagnostic("other-lines", cell) }
        var variables = Variables()
        variables["rank"] = try variables.fill(rank, true)
        #expect(variables["rank"] == .word("8"))
        let arguments = try Sample.binder.bind(lora, variables: variables)
        #expect(arguments[Sample.rank] == 8 && arguments[Sample.alpha] == 2.5)
        #expect(arguments[Sample.targets] == ["k", "v"])
        #expect(arguments.span(of: Sample.alpha) == found[1].span)
        #expect(try Sample.binder.bind(tell, variables: variables)[Sample.sentences] == ["us", "b c"])
        // The block in it keeps its own.
        #expect(chosen.lines[3] == lines[3])
    }

    @Test func aMistakeUnderlinesTheBrackets() throws {
        let lines = try lines("sweep\n  lora r=[8, 300]\nend")
        let span = SourceSpan(15, 23)
        let chosen = try ChosenLines(lines, choosing: [span: .word("300")])
        guard case .command(let lora) = chosen.lines[0].kind else { throw Diagnostic("no-lora", "") }
        let problem = problem { try Sample.binder.bind(lora, variables: Variables()) }
        #expect(problem?.span == span && problem?.message.hasPrefix("r cannot be 300") == true)
    }

    /// Inside a block they are never a list, also where the key takes one.
    @Test(arguments: ["lora r=[4, 8]", "lora r=4 targets=[q_proj, v_proj]", "x=[1, 2]", "lora alpha=1..2"])
    func oneMustBeChosen(line: String) throws {
        let lines = try lines("sweep\n\(line)\nend")
        #expect(problem { try ChosenLines(lines, choosing: [:]) }?.code == "alternatives-outside-block")
    }

    @Test func optionsKnowVariablesAndAreSingleValues() throws {
        var variables = Variables()
        variables["small"] = .word("2")
        let found = try variables.alternatives(in: lines("sweep\nlora r=[$small, 8]\nend"))
        #expect(found[0].values == .options([.word("2"), .word("8")]))
        func code(_ line: String) throws -> String? {
            let lines = try lines("sweep\n\(line)\nend")
            return problem { try Variables().alternatives(in: lines) }?.code
        }
        #expect(try code("lora r=[$small, 8]") == "unknown-variable")
        #expect(try code("lora r=[]") == "no-alternatives")
        #expect(try code("lora r=[[1, 2], 3]") == "alternatives-outside-block")
        #expect(try code("lora r=[1..2, 3]") == "alternatives-outside-block")
    }

    @Test func someMayStandInAList() throws {
        let lines = try lines("sweep\nlora targets=(q_proj [k_proj, v_proj])\nend")
        let found = try Variables().alternatives(in: lines)
        #expect(found.map(\.key) == ["targets"])
        let chosen = try ChosenLines(lines, choosing: [found[0].span: .word("v_proj")])
        guard case .command(let lora) = chosen.lines[0].kind else { throw Diagnostic("no-lora", "") }
        let arguments = try Sample.binder.bind(lora, variables: Variables())
        #expect(arguments[Sample.targets] == ["q_proj", "v_proj"])
        #expect(lora.arguments[0].value?.source == "(q_proj v_proj)")
    }

    /// What alternatives will be is not known when a block begins; all else is looked at.
    @Test(
        arguments: [
            ("lora optimizer=[sgd, adamw]", nil), ("lora targets=[nonsense]", nil), ("x=[1]", nil),
            ("lora rr=[1, 2]", "unknown-key"), ("laod [toy, imdb]", "unknown-verb"),
            ("sweep\nlora rr=1\nend", "unknown-key"), ("lora r=", "no-value"),
        ] as [(String, String?)])
    func aBlockIsCheckedAsAWhole(line: String, code: String?) throws {
        let cell = "sweep\n\(line)\nend"
        let statement = try #require(Sample.lexicon.parse(cell).statements.first)
        #expect(problem { try Sample.binder.check(statement) }?.code == code)
        let judged = Completeness(of: cell, lexicon: Sample.lexicon, binder: Sample.binder)
        #expect((judged == .complete) == (code == nil))
    }
}
