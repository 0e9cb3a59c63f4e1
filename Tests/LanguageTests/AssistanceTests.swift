import Diagnostics
import Foundation
import Testing

@testable import Language

@Suite struct AssistanceTests {
    private let variables = {
        var variables = Variables()
        variables["rank"] = .word("4")
        variables["run_name"] = .text("my run")
        return variables
    }()

    /// Completes at `|`, or at the end.
    private func complete(_ marked: String) -> (texts: [String], replaced: String) {
        let scalars = Array(marked.unicodeScalars)
        let cursor = scalars.firstIndex(of: "|") ?? scalars.count
        let source = String(String.UnicodeScalarView(scalars.filter { $0 != "|" }))
        let result = Completer(Sample.lexicon, variables: variables, candidates: Sample.candidates)
            .complete(source, cursor: cursor)
        let replaced = source.unicodeScalars.dropFirst(result.span.start)
            .prefix(result.span.end - result.span.start)
        return (result.items.map(\.text), String(String.UnicodeScalarView(replaced)))
    }

    @Test(arguments: [
        ("lo", ["load", "lora"], "lo"), ("", ["load", "lora", "say", "tell", "sweep"], ""),
        ("lora al", ["alpha="], "al"), ("lora lora_a", ["lora_alpha="], "lora_a"),
        ("lora r=4 ", ["alpha=", "dropout=", "targets=", "bias=", "optimizer="], ""),
        ("lora optimizer=", ["adamw", "sgd"], ""), ("lora optimizer=s", ["sgd"], "s"),
        ("lora targets=q_proj,v", ["v_proj"], "v"), ("lora targets=(q_proj v", ["v_proj"], "v"),
        ("lora r=", ["8"], ""), ("lora bias=", ["yes", "no"], ""), ("load i", ["imdb"], "i"),
        ("load ", ["toy", "imdb", "name=", "text="], ""), ("load toy text=", ["body", "title"], ""),
        ("load toy te", ["text="], "te"), ("lora r=$ra", ["rank"], "ra"), ("say \"$ru", ["run_name"], "ru"),
        ("lora r=$", ["rank", "run_name"], ""), ("# lo", [], ""), ("lora r=4 # al", [], ""),
        ("sweep\n  lo", ["load", "lora"], "lo"), ("sweep\n  lora optimizer=[sgd, a", ["adamw"], "a"),
        ("sweep\ne", ["end"], "e"), ("say x\nlora al|\nsay y", ["alpha="], "al"),
        ("nonsense k", [], "k"), ("say é🦜 \\\nwo", [], "wo"), ("load 'i", ["'imdb'"], "'i"),
        ("lora r=${ra", [], ""),
        ("lora targets=", ["q_proj", "v_proj", "k_proj", "auto"], ""),
    ])
    func completionOffersWhatFits(marked: String, texts: [String], replaced: String) {
        let found = complete(marked)
        #expect(found.texts == texts)
        if !texts.isEmpty { #expect(found.replaced == replaced) }
    }

    /// Inspects the end of a word that stands in the source, or the very beginning.
    private func inspect(_ source: String, at word: String, detail: Int = 0) throws -> String? {
        let start = word.isEmpty ? source.startIndex : try #require(source.range(of: word)).lowerBound
        let cursor =
            source.unicodeScalars.distance(from: source.startIndex, to: start) + word.unicodeScalars.count
        return Inspector(Sample.lexicon, variables: variables, candidates: Sample.candidates)
            .inspect(source, cursor: cursor, detail: detail)?.plain
    }

    @Test func inspectionExplainsWhatStandsThere() throws {
        let line = "lora r=$rank targets=q_proj,v_proj optimizer=sgd"
        #expect(try inspect(line, at: "lora")?.contains("adds adapters") == true)
        #expect(try inspect(line, at: "lor", detail: 1)?.contains("share of inputs left out") == true)
        #expect(try inspect(line, at: "targets")?.contains("which layers") == true)
        #expect(try inspect(line, at: "$rank") == "$rank = 4")
        #expect(try inspect(line, at: "q_pro")?.hasPrefix("q_proj: queries") == true)
        #expect(try inspect(line, at: "sgd")?.hasPrefix("sgd: plain steps") == true)
        #expect(try inspect("load imdb", at: "imdb")?.hasPrefix("imdb: film reviews") == true)
        #expect(try inspect("lora alpha=", at: "alpha=")?.contains("above 0") == true)
        #expect(try inspect("nothing here", at: "nothing") == nil)
        #expect(try inspect("", at: "") == nil)
    }

    @Test(
        arguments: [
            ("lora r=4", .complete), ("", .complete), ("sweep", .incomplete(indent: "    ")),
            ("sweep\n  lora r=[1,2]", .incomplete(indent: "    ")), ("sweep\n  lora r=[1,2]\nend", .complete),
            ("sweep\nsweep\n", .incomplete(indent: "        ")), ("say 'abc", .incomplete(indent: "    ")),
            ("say (a", .incomplete(indent: "    ")), ("say a \\", .incomplete(indent: "    ")),
            ("lora rr=3", .invalid), ("laod toy", .invalid), ("end", .invalid), ("=3", .invalid),
            ("x=3", .complete),
            ("sweep\n  laod x", .invalid), ("lora r=", .invalid), ("sweep rr=3\n", .invalid),
        ] as [(String, Completeness)])
    func completenessKnowsOpenEnds(source: String, expected: Completeness) {
        #expect(Completeness(of: source, lexicon: Sample.lexicon, binder: Sample.binder) == expected)
    }

    @Test func aReportUnderlinesTheWord() throws {
        let problem = try #require(Sample.problem("lora rak=3"))
        var located = problem
        located.span = problem.span.map { SourceSpan($0.start + 8, $0.end + 8) }
        let lines = DiagnosticReport(located, in: "load 🦜\n lora rak=3\nx").lines()
        #expect(lines[0] == "line 2   lora rak=3")
        #expect(lines[1] == "              ^^^")
        #expect(lines[2] == "lora has no parameter rak")
        #expect(lines[3] == "→ did you mean rank?")
        let wide = Diagnostic("x", "wide", at: SourceSpan(4, 5))
        #expect(DiagnosticReport(wide, in: "say 🦜").lines()[1] == "            ^^")
        #expect(DiagnosticReport(Diagnostic("x", "no place"), in: "a").lines() == ["no place"])
        #expect(DiagnosticReport(wide, in: "").lines().count == 3)
    }

    @Test(arguments: [(0, 100_000), (99_990, 5), (50_000, 40), (50_000, 1), (30, 2), (100_000, 1)])
    func aLongLineIsShownAroundThePlace(start: Int, length: Int) {
        let source = String(repeating: "x", count: start) + String(repeating: "y", count: length)
        let long = source + String(repeating: "z", count: max(0, 100_000 - start - length))
        let lines = DiagnosticReport(
            Diagnostic("x", "there", at: SourceSpan(start, start + length)), in: "a\n" + long
        ).lines()
        // The span counts in the whole cell; here it is moved by the line before.
        let moved = DiagnosticReport(
            Diagnostic("x", "there", at: SourceSpan(start + 2, start + 2 + length)), in: "a\n" + long
        ).lines()
        #expect(lines.allSatisfy { $0.count <= 80 } && moved.allSatisfy { $0.count <= 80 })
        let marked = zip(moved[0], moved[1]).filter { $0.1 == "^" }.map(\.0)
        #expect(!marked.isEmpty && marked.allSatisfy { $0 == "y" })
        #expect(moved[0].hasPrefix(start > 30 ? "line 2  …x" : "line 2  "))
    }

    @Test func helpIsMadeOfDeclarations() {
        let help = Help(Sample.lexicon)
        #expect(help.overview().plain.contains("lora   adds adapters"))
        let command = Sample.lexicon.commands[1]
        let page = help.page(for: command)
        #expect(page.plain.contains("whole number 1…256; default 8"))
        #expect(page.markdown.contains("| `alpha` | scale (also `lora_alpha`) | number above 0 | 16 |"))
        // A long name can be parted, and then no column is as wide as it.
        var long = command
        long.parameters[0].aliases = ["per_device_batch_size"]
        #expect(
            help.page(for: long).markdown.contains(
                #"(also <code>per\_<wbr>device\_<wbr>batch\_<wbr>size</code>)"#))
        let pages = ReferencePages(Sample.lexicon).pages
        #expect(pages.map(\.file) == ["README.md", "load.md", "lora.md", "say.md", "tell.md", "sweep.md"])
        #expect(help.company(of: command) == nil)
        let block = help.page(for: Sample.lexicon.commands[4]).plain
        #expect(block.contains("  sweep\n    …\n  end\n") && block.contains("what its lines need"))
        var alone = command
        (alone.isLong, alone.uses) = (true, [Resource("the data", isExclusive: true)])
        alone.changes = [Resource("the model", isExclusive: true), Resource("notes", isExclusive: false)]
        let company = Help(Lexicon([alone])).page(for: alone).plain
        #expect(company.contains("It has the model and the data to itself"))
        #expect(company.contains("is refused beside lora."))
        #expect(WordList(Sample.lexicon).json["values"]?.array?.contains("adamw") == true)
        #expect(WordList(Sample.lexicon).json["keys"]?.array?.contains("lora_alpha") == true)
    }
}
