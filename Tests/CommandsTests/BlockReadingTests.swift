import Diagnostics
import Language
import Testing

@testable import Commands

/// What is read, refused and offered of a block before it runs, by the tests' own `trial`.
@Suite struct BlockReadingTests {
    private func prepared(after beginning: String = "") -> Bench {
        let bench = Bench(commands: TestRegistry.commands)
        bench.run(beginning)
        return bench
    }

    @Test(
        arguments: [
            ("trial\n  lora r=[1, 2]", "unclosed-block"), ("end", "stray-end"),

            ("trial\n  laod x\nend", "unknown-verb"), ("trial\n  lora rr=[1, 2]\nend", "unknown-key"),
            ("trial\n  set seed=[1, x]\nend", nil), ("trial\n  set seed=[]\nend", "no-alternatives"),
            ("trial\n  x=3\n  set seed=[$x]\nend", "unknown-variable"),
            ("trial shows=[yes, no]\nend", "alternatives-outside-block"),
            ("set seed=[1, 2]", "alternatives-outside-block"),
            ("trial\n  model = AutoModel.from_pretrained('x')\nend", "python"),
            ("train steps=1..3", "alternatives-outside-block"), ("x=[1, 2]", nil),
            ("trial\n  x=1..2\nend", nil),
            ("model nano\nlora targets=[query, value]", nil), ("attempt\n  x=[1]\nend", nil),
            ("trial\n  sweep\n  lora r=[1, 2]\n  end\nend", "planned-verb"),
        ] as [(String, String?)])
    func whatIsWrongIsFoundBeforeAnyLineRuns(cell: String, code: String?) {
        let bench = prepared()
        let problem = bench.problem(cell)
        #expect(problem?.code == code)
        if code != nil { #expect(bench.output.events == []) }
    }

    /// Nothing is a verb, or begins a block, before it is there.
    @Test(arguments: [
        "sweep seeds=5\n  lora r=[4, 8] dropout=[0, 0.1]\n  train epochs=2\nend",
        "tune trials=24 early=20% by=accuracy\n  train lr=1e-5..1e-2 log batch=[16, 32]\nend",
        "meta tasks=[sms_spam, imdb] steps=[0, 1]\n  lora r=8\nend",
    ])
    func aPlannedBlockIsOneClearError(cell: String) throws {
        let verb = try #require(cell.split(separator: " ").first)
        for bench in [Bench(), prepared()] {
            let outcome = bench.run(cell)
            #expect(outcome.statements.count == 1)
            let problem = outcome.statements[0].diagnostic
            #expect(problem?.code == "planned-verb" && problem?.span == SourceSpan(0, verb.count))
            #expect(problem?.message == "\(verb) is planned and not available yet")
            #expect(bench.interpreter.completeness(of: cell) == .invalid)
            #expect(!bench.interpreter.lexicon.blockVerbs.contains(String(verb)))
        }
    }

    @Test func anEndTooManyIsOne() {
        let bench = prepared()
        #expect(bench.problem("trial\nend\nend")?.hint == "a block begins with attempt, trial")
        #expect(Bench().problem("end")?.hint == "take it away")
    }

    @Test func aSlipAfterALongBlockIsFoundFirst() {
        let bench = prepared(after: "model nano\nload toy train=16 test=8")
        let outcome = bench.run("trial\n  train steps=1\nend\nlora rr=1")
        #expect(outcome.statements.count == 1)
        #expect(outcome.statements[0].diagnostic?.code == "unknown-key")
        #expect(outcome.statements[0].diagnostic?.hint?.contains("trial on line 1 was not started") == true)
        #expect(bench.run("trial\n  lora r=[1]\nend\nlora rr=1").statements.count == 2)
    }

    @Test func completionAndInspectionWorkInAnOpenBlock() {
        let bench = prepared(after: "model nano\nload toy train=16 test=8")
        func offers(_ cell: String) -> [String] {
            bench.interpreter.complete(cell, cursor: cell.unicodeScalars.count).items.map(\.text)
        }
        #expect(offers("tri") == ["trial"])
        #expect(offers("trial sh") == ["shows="])
        #expect(offers("trial\n  lo") == ["load", "lora"])
        #expect(offers("trial\n  lora targets=[qu") == ["query"])
        #expect(offers("trial\n  lora r=[1, 2] dr") == ["dropout="])
        #expect(offers("trial\n  x=1\n  trial\n  e") == ["evaluate", "export", "echo", "end"])
        #expect(offers("trial\n  x=1\nend\ne") == ["evaluate", "export", "echo"])
        let cell = "trial\n  lora r=[1, 2]"
        #expect(bench.interpreter.inspect(cell, cursor: 15, detail: 0)?.plain.contains("rank") == true)
        #expect(bench.interpreter.completeness(of: cell) == .incomplete(indent: "    "))
        #expect(bench.interpreter.completeness(of: cell + "\nend") == .complete)
        #expect(bench.result("help trial")?.plain.contains("trial [shows=…] [strict=…] [takes=…]\n") == true)
    }

    @Test func itsExampleRuns() {
        for example in TrialCommand().declaration.examples {
            #expect(prepared().run(example.code).statements.last?.value.array?.count == 2)
        }
    }
}
