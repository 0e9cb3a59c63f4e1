import Diagnostics
import Testing

@testable import Language

@Suite struct ParserTests {
    private func statements(_ source: String) -> [Statement] {
        Parser.parse(source, blockVerbs: ["sweep"]).statements
    }

    private func invocation(_ source: String) throws -> Invocation {
        let statement = try #require(statements(source).first)
        guard case .command(let invocation) = statement.kind else {
            throw Diagnostic("no-command", "\(statement.kind)")
        }
        return invocation
    }

    /// The arguments as `key=value` with lists in parentheses, to compare shortly.
    private func shape(_ source: String) throws -> [String] {
        try invocation(source).arguments.map { argument in
            let key = argument.key.map { $0.text + "=" } ?? ""
            return key + (try argument.value.map { try Variables().fill($0).source } ?? "∅")
        }
    }

    @Test func aLineIsAVerbWithArguments() throws {
        let invocation = try invocation("lora r=8 q_proj")
        #expect(invocation.verb.text == "lora")
        #expect(try shape("lora r=8 q_proj") == ["r=8", "q_proj"])
        #expect(invocation.arguments[0].span == SourceSpan(5, 8))
        #expect(invocation.arguments[0].value?.span == SourceSpan(7, 8))
    }

    @Test(arguments: [
        ("train r = 8 a= 2 b =3", ["r=8", "a=2", "b=3"]),
        ("train epochs= lr=3", ["epochs=∅", "lr=3"]),
        ("train t=a,b c", ["t=(a b)", "c"]),
        ("train t=a, b c", ["t=(a b)", "c"]),
        ("train t=(a b) u=( 'x y' z )", ["t=(a b)", "u=('x y' z)"]),
        ("train t=a,", ["t=(a)"]),
        ("load path=a=b/c.csv", ["path=a=b/c.csv"]),
        ("load ../shared/x.csv 'it''s' a\"b c\"d", ["../shared/x.csv", "'its'", "'ab cd'"]),
        ("say hello, world", ["(hello world)"]),
        ("say f(x) a[0]; # comment", ["f(x)", "a[0]"]),
        ("say a#b #c", ["a#b"]),
        ("say one\\\n two", ["one", "two"]),
        ("say one \\\n  two", ["one", "two"]),
        ("say \"tab\\t é\\u00e9 \\$x \\q\"", ["'tab\t éé $x \\q'"]),
        ("say a\\ b $5 $", ["'a b'", "$5", "$"]),
    ])
    func valuesAreReadAsAShellWould(source: String, expected: [String]) throws {
        let found = try shape(source).map { $0 == "a b" ? "'a b'" : $0 }
        #expect(found == expected)
        #expect(statements(source)[0].problem == nil)
    }

    @Test func aSemicolonMakesALineQuiet() {
        let lines = statements("train; # now\nevaluate ;\nplot a;b")
        #expect(lines.map(\.isQuiet) == [true, true, false])
        #expect(lines.map(\.line) == [1, 2, 3])
        #expect(statements("train; evaluate")[0].problem?.code == "after-semicolon")
    }

    @Test(arguments: [
        "epochs=3", "lr=0.0001", "name='my run'", "on=true", "targets=(q_proj v_proj)", "x=''", "lr = 1e-3",
        "$x=4", "quote='it'\"'\"'s'", "e=\"a \\\"b\\\"\"",
    ])
    func injectedParametersAreAssignments(line: String) {
        let statement = statements("# Parameters\n\(line)\n")[0]
        #expect(statement.problem == nil)
        guard case .assignment = statement.kind else {
            Issue.record("\(line) is \(statement.kind)")
            return
        }
    }

    @Test func aQuestionMarkAsks() {
        let lines = statements("$token=?? 'Hub token'\nn = ?")
        guard case .question(let name, let prompt?, isSecret: true) = lines[0].kind,
            case .question(_, nil, isSecret: false) = lines[1].kind
        else {
            Issue.record("\(lines)")
            return
        }
        #expect(name.text == "token")
        #expect(prompt.source == "'Hub token'")
    }

    @Test func blocksHoldTheirLines() {
        let script = Parser.parse(
            "sweep by=seed\n  lora r=[4, 8]\n  train lr=1e-5..1e-2 log epochs=1\nend\nplot",
            blockVerbs: ["sweep"])
        #expect(script.statements.count == 2)
        #expect(script.openBlocks == 0)
        guard case .block(let head, let body, isClosed: true) = script.statements[0].kind,
            case .command(let lora) = body[0].kind, case .command(let train) = body[1].kind
        else {
            Issue.record("\(script)")
            return
        }
        #expect(head.verb.text == "sweep")
        guard case .alternatives(let ranks)? = lora.arguments[0].value?.kind else {
            Issue.record("no alternatives")
            return
        }
        #expect(ranks.count == 2)
        #expect(train.arguments[0].value?.kind == .range(low: 1e-5, high: 1e-2, isLogarithmic: true))
        #expect(train.arguments.count == 2)
        #expect(script.statements[1].line == 5)
    }

    @Test(
        arguments: [
            ("sweep\nlora r=[1,2]", "unclosed-block"), ("end", "stray-end"), ("say 'abc", "unclosed-quote"),
            ("say (a b", "unclosed-bracket"), ("=3", "no-verb"), (", a", "no-verb"), ("x =", "no-value"),
            ("1x=3", "bad-name"), ("x=1 y=2", "after-assignment"), ("x=a b", "after-assignment"),
            ("say a ]", nil), ("train lr=0..1 log", "bad-range"), ("a,b", "unexpected"),
        ] as [(String, String?)])
    func whatCannotBeReadIsAProblem(source: String, code: String?) {
        #expect(statements(source)[0].problem?.code == code)
    }

    /// The parser has no verbs of its own.
    @Test func aBlockBeginsWithWhatIsSaidToBeginOne() {
        #expect(Parser.parse("sweep\nend").openBlocks == 0)
        #expect(statements("end")[0].problem?.hint == "a block begins with sweep")
        #expect(Parser.parse("sweep\nend").statements[1].problem?.hint == "take it away")
        let script = Parser.parse("round\nsweep\nend\nend", blockVerbs: ["round"])
        #expect(script.statements.map(\.head) == ["round", "end"])
    }

    @Test func spansCountScalars() throws {
        let invocation = try invocation("say 'e\u{301}🦜' x=👩‍👧")
        #expect(invocation.arguments[0].span == SourceSpan(4, 9))
        #expect(invocation.arguments[1].span == SourceSpan(10, 15))
    }

    @Test func anyTextIsRead() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ab=,;()[]'\"$#\\\n \t{}?é🦜1.-")
        for _ in 0..<2000 {
            let text = String((0..<12).compactMap { _ in alphabet.randomElement(using: &generator) })
            let script = Sample.lexicon.parse(text)
            for statement in script.statements {
                #expect(
                    statement.span.start >= 0 && statement.span.end <= text.unicodeScalars.count, "\(text)")
            }
        }
    }
}
