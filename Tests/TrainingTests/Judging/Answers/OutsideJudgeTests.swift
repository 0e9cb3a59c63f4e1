import Diagnostics
import Testing

@testable import Training

@Suite struct OutsideJudgeTests {
    private let texts = [
        JudgedAnswer("a \"b\"\nc", references: ["d", "e"], source: "f"),
        JudgedAnswer("", references: [""]),
    ]

    private func scores(_ script: String) throws -> [Double] {
        try OutsideJudge(["sh", "-c", script], name: "stub").scores(of: texts, interruption: Interruption())
    }

    private func problem(_ script: String) throws -> Diagnostic {
        try #require(throws: Diagnostic.self) { try scores(script) }
    }

    @Test func eachTextIsALineAndGetsALine() throws {
        // Counts the bytes of each line, a text's own line breaks being written out.
        #expect(
            try scores("while read -r line; do echo ${#line}; done") == [
                Double(#"{"source":"f","hypothesis":"a \"b\"\nc","references":["d","e"]}"#.utf8.count),
                Double(#"{"hypothesis":"","references":[""]}"#.utf8.count),
            ])
    }

    @Test func numbersMayBeWrittenInAnyWay() throws {
        #expect(try scores("cat > /dev/null; printf ' -1e-2\\r\\n0.5 '") == [-0.01, 0.5])
    }

    @Test func whatFailsSaysWhy() throws {
        let failed = try problem("cat > /dev/null; echo 'no model here' >&2; exit 3")
        #expect(failed.code == "judge-failed")
        #expect(failed.message == "sh ended with status 3: no model here")
        #expect(try problem("exit 1").message == "sh ended with status 1 and said nothing")
    }

    @Test func linesThatAreNoScoresAreRefused() throws {
        #expect(try problem("cat > /dev/null; echo 1; echo loading").message.contains("line 2"))
        #expect(try problem("cat > /dev/null; echo nan; echo 1").code == "bad-scores")
        #expect(try problem("cat > /dev/null; echo 1").message == "sh wrote 1 scores for 2 texts")
        #expect(try problem("cat > /dev/null; echo 1; echo; echo 2").message.contains("line 2"))
    }

    private func ratings(_ script: String) throws -> [Double?] {
        try OutsideJudge(["sh", "-c", script], name: "stub").ratings(
            of: texts, interruption: Interruption()
        ) { _ in }
    }

    @Test func aRatingIsFromZeroToAHundredOrNone() throws {
        #expect(try ratings("cat > /dev/null; echo 70.5; echo null") == [70.5, nil])
        let problem = try #require(throws: Diagnostic.self) {
            try ratings("cat > /dev/null; echo 3; echo 101")
        }
        #expect(problem.code == "bad-scores" && problem.message.contains("line 2"))
        #expect(try self.problem("cat > /dev/null; echo null; echo 1").message.contains("line 1"))
    }

    @Test func theOtherOfTwoAnswersStandsInTheLine() throws {
        let pair = JudgedAnswer("a", references: [], source: "s", other: "b")
        #expect(
            String(decoding: pair.line, as: UTF8.self)
                == #"{"source":"s","hypothesis":"a","other":"b","references":[]}"# + "\n")
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        let judge = OutsideJudge(["no-such-judge-anywhere"], name: "none")
        let problem = try #require(throws: Diagnostic.self) {
            try judge.scores(of: texts, interruption: Interruption())
        }
        #expect(problem.code == "no-program")
        #expect(problem.message.contains("no-such-judge-anywhere"))
    }

    @Test func itsFigureIsTheMeanWithAnInterval() throws {
        let judge = OutsideJudge(["true"], name: "comet")
        let figure = try judge.figure(
            of: (0..<50).map { Double($0 % 5) }, seed: 1, interruption: Interruption())
        #expect(figure.name == "comet")
        #expect(figure.value == 2)
        #expect(try #require(figure.interval).contains(2))
    }
}
