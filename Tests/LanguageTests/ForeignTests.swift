import Diagnostics
import Testing

@testable import Language

/// Other tools' keys and verbs, and questions.
@Suite struct ForeignTests {
    private static let lexicon = Lexicon(
        [
            CommandDeclaration(
                "lora", group: Sample.work, summary: "adds adapters",
                parameters: [Sample.rank.declaration, Sample.alpha.declaration, Sample.targets.declaration],
                examples: [],
                foreign: ForeignKey.passedOver("the data say it", "task_type") + [
                    ForeignKey("use_dora", "there is no DoRA", accepted: ["false", "no"]),
                    ForeignKey("beta", "it is fixed", accepted: ["0.9"]),
                    ForeignKey("pattern", "one r for all", accepted: ["none", ""]),
                ]),
            CommandDeclaration(
                "train", group: Sample.work, summary: "trains",
                parameters: [
                    VerbParameter<Int>("epochs", "passes", 1...10, default: 3).declaration,
                    VerbParameter<Double>("lr", "rate", .above(0), default: 1).also("learning_rate")
                        .declaration,
                ], examples: [CommandExample("train", "trains")]),
            CommandDeclaration(
                "tell", group: Sample.work, summary: "tells", parameters: [Sample.sentences.declaration],
                examples: []),
            CommandDeclaration(
                "help", group: Sample.work, summary: "helps", parameters: [Sample.words.declaration],
                examples: []),
        ],
        foreign: [
            ForeignVerb("sweep", isPlanned: true, hint: "write lora for each"),
            ForeignVerb("fit", hint: "write train"),
        ])

    private func bind(_ line: String, _ variables: Variables = Variables()) throws -> Arguments {
        let statement = try #require(Self.lexicon.parse(line).statements.first)
        if let problem = statement.problem { throw problem }
        guard case .command(let invocation) = statement.kind else { throw Diagnostic("no-command", line) }
        return try Binder(Self.lexicon, candidates: Sample.candidates).bind(
            invocation, variables: variables)
    }

    private func mistake(_ line: String) -> Diagnostic? {
        do {
            _ = try bind(line)
            return nil
        } catch {
            return error as? Diagnostic
        }
    }

    @Test(arguments: [
        ("lora task_type=SEQ_CLS r=4", "task_type is passed over: the data say it"),
        ("lora task_type=\"CAUSAL_LM\", r=4", "task_type is passed over: the data say it"),
        ("lora use_dora=False r=4", "use_dora is passed over: there is no DoRA"),
        ("lora beta=0.90 r=4", "beta is passed over: it is fixed"),
        ("lora pattern=() r=4", "pattern is passed over: one r for all"),
        ("lora pattern=None r=4", "pattern is passed over: one r for all"),
    ])
    func anotherToolsKeyIsExplainedAndPassedOver(line: String, note: String) throws {
        let arguments = try bind(line)
        #expect(arguments.notes == [note])
        #expect(arguments[Sample.rank] == 4)
    }

    @Test(arguments: ["lora use_dora=true", "lora beta=0.8", "lora pattern=(a b)", "lora use_dora="])
    func whatWouldChangeTheNumbersIsRefusedByName(line: String) throws {
        let problem = try #require(mistake(line))
        #expect(["unsupported-key", "no-value"].contains(problem.code))
        #expect(
            problem.message.contains(
                try #require(line.split(separator: " ").last?.split(separator: "=").first)))
    }

    /// Before anything runs, and without asking what a variable will hold.
    @Test(arguments: [
        ("lora use_dora=true", true), ("lora beta=$x", false), ("lora beta=0.8", true),
        ("lora use_dora=", true),
        ("lora pattern=[a, b]", true), ("lora task_type=$nothing beta=0.9 pattern=()", false),
    ])
    func theCheckBeforehandRefusesThemToo(line: String, isRefused: Bool) throws {
        let statement = try #require(Self.lexicon.parse(line).statements.first)
        guard case .command(let invocation) = statement.kind else { throw Diagnostic("no-command", line) }
        let binder = Binder(Self.lexicon, candidates: Sample.candidates)
        var problem: Diagnostic?
        do { try binder.check(invocation) } catch { problem = error as? Diagnostic }
        #expect((problem != nil) == isRefused)
    }

    @Test(arguments: [
        ("fit(r=8)", "write train"), ("fit()", "write train"), ("a = fit(r=8, b=2)", "write train"),
        ("x.fit()", "write train"), ("fit.something(3)", "write train"), ("import fit", "write train"),
        ("from peft import fit", "write train"), ("result = trainer.train()", "write train here"),
        ("train(epochs=2)", "write train here"), ("import torch", "write help,"),
        ("import numpy as np", "write help,"), ("for x in y:", "write help,"), ("@wraps", "write help,"),
        ("a, b = split(text, 2)", "write help,"), ("model.to('cuda')", "write help,"),
        ("with torch.no_grad():", "write help,"), ("fit(\n  r=8,\n)", "write train"),
    ])
    func pastedPythonIsSaidToBeThat(cell: String, hint: String) throws {
        let problem = try #require(Self.lexicon.parse(cell).statements.first?.problem)
        #expect(problem.code == "python")
        #expect(problem.hint?.hasPrefix(hint) == true, "\(problem)")
    }

    @Test(arguments: [
        "title = film(1994)", "x=1", "x='fit(3)'", "lora (q v)", "tell fit(3) is a call", "import",
        "x = (a b)",
        "from here to there", "lora targets=(q_proj v_proj)", "for x", "tell if it is so:",
    ])
    func whatOnlyLooksLikeItIsNot(cell: String) throws {
        #expect(Self.lexicon.parse(cell).statements.first?.problem == nil)
    }

    @Test(arguments: [
        ("lora r=8, alpha=16", 8, 16), ("lora r=8,", 8, 16), ("lora r = 8 , alpha = 4", 8, 4),
        ("lora targets=[\"q_proj\",\"v_proj\"], r=2", 2, 16), ("lora r=2, targets=(q v), alpha=3,", 2, 3),
    ])
    func commasMayPartArguments(line: String, rank: Int, alpha: Double) throws {
        let arguments = try bind(line)
        #expect(arguments[Sample.rank] == rank)
        #expect(arguments[Sample.alpha] == alpha)
    }

    @Test(arguments: [
        "lora target_modules=[\"q_proj\",\"v_proj\"]", "lora targets=['q_proj', 'v_proj']",
        "lora targets=\"q_proj,v_proj\"",
        "lora targets=q_proj,v_proj", "lora targets=(q_proj v_proj)", "lora targets=[q_proj, v_proj] r=8",
        "lora targets='q_proj, v_proj'",
    ])
    func aListIsWrittenAsOtherLanguagesDo(line: String) throws {
        #expect(try bind(line)[Sample.targets] == ["q_proj", "v_proj"])
    }

    @Test(arguments: [
        ("train epochs 2", "did you mean epochs=2?"),
        ("lora r=8,alpha=16", "arguments stand apart by spaces: lora r=8 alpha=16"),
        ("lora epochs=2", "train takes epochs"), ("lora learning_rate=1", "train takes learning_rate"),
        ("lora r=[4, 8]", "give one value, such as 4"),
        ("lora lr_max=2", "expected one of r, alpha, targets"),
        ("fit", "write train"), ("FIT", "write train"), ("sweep", "write lora for each"),
        ("!ls", "neither a shell"), ("%time", "neither a shell"), ("trian", "did you mean train?"),
    ])
    func adviceLeadsOn(line: String, hint: String) throws {
        let problem = try #require(mistake(line))
        #expect(problem.hint?.hasPrefix(hint.replacing("lora r=8 ", with: "r=8 ")) == true, "\(problem)")
    }

    @Test(arguments: ["sweep\nlora r=[1,2]", "sweep\nlora r=[1,2]\nend", "sweep", "sweep\nsweep\nend"])
    func aPlannedBlockSaysSoAndNothingSuggestsItsEnd(cell: String) throws {
        let statement = try #require(Self.lexicon.parse(cell).statements.first)
        let binder = Binder(Self.lexicon, candidates: Sample.candidates)
        let problem = #expect(throws: Diagnostic.self) { try binder.check(statement) }
        #expect(problem?.code == "planned-verb" && problem?.span == SourceSpan(0, 5))
        #expect(Completeness(of: cell, lexicon: Self.lexicon, binder: binder) == .invalid)
        let offered = Completer(Self.lexicon, variables: Variables(), candidates: Sample.candidates)
            .complete(cell + "\n", cursor: cell.unicodeScalars.count + 1)
        #expect(!offered.items.contains { $0.text == "end" })
        #expect(Self.lexicon.parse("end").statements[0].problem?.hint == "take it away")
    }

    @Test(arguments: [
        ("train?", ["train"]), ("?train", ["train"]), ("train??", ["train"]), ("train ?", ["train"]),
        ("lora r?", ["lora", "r"]), ("lora r=?", ["lora", "r"]), ("?lora r", ["lora", "r"]), ("?", []),
        ("lora task_type?", ["lora", "task_type"]), ("lr?", ["lr"]),
    ])
    func aQuestionMarkAsksForHelp(line: String, words: [String]) throws {
        let arguments = try bind(line)
        #expect(arguments.verb.text == "help")
        #expect(arguments[Sample.words] == words)
    }

    @Test(arguments: ["tell why?", "tell is it so?", "tell ?"])
    func aQuestionInATextIsText(line: String) throws {
        #expect(try bind(line).verb.text == "tell")
    }
}
