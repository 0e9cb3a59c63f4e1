import Display
import Foundation
import Language
import TestScratch
import Testing

@testable import Commands

/// Everything that `help` and the reference show as an example runs, and nothing of it has to be warned of.
@Suite struct ExampleTests: RunBenches {
    let folder = freshRunsFolder()

    /// What an example needs that cannot be written before it, since it lies in files or in another session.
    private struct Needs {
        /// Lines that go before it; `{D}` is a folder of its own.
        var before = ""
        /// What stands in the example for something in that folder.
        var paths: [String] = []
        /// Lines of an earlier session, which is interrupted in its last one.
        var interrupted: String?
    }

    private static let tuned = "model nano\nload toy train=200 test=32\nlora r=4\ntrain epochs=3 lr=5e-3\n"
    private static let pairs = "model nano\nload path={D}/pairs.csv\nlora r=4\ntrain epochs=4 lr=5e-3"
    private static let saved = tuned + "save {D}/adapter"
    private static let run = "model nano\nload toy train=48 test=16 validation=16\nlora r=2\n"
    private static let three =
        tuned + ["a", "b", "c"].map { "save {D}/\($0)" }.joined(separator: "\n")

    private static let preferences =
        "model nano-llama\nload path={D}/helpful.jsonl train=16 test=8 validation=0\nlora"

    private static let needs: [String: Needs] = [
        "save adapter/": Needs(before: tuned, paths: ["adapter/"]),
        "save path=~/adapters/spam base=bert-base-uncased": Needs(before: tuned, paths: ["~/adapters/spam"]),
        "merge merged/": Needs(before: tuned, paths: ["merged/"]),
        "export gguf to=tuned.gguf type=q8_0": Needs(
            before: "model \(Hint.tinyLLaMA)\nlora r=2", paths: ["tuned.gguf"]),
        "export gguf to=spam.gguf adapter=yes": Needs(
            before: "model \(Hint.tinyLLaMA)\nlora r=2", paths: ["spam.gguf"]),
        "open adapter/": Needs(before: saved, paths: ["adapter/"]),
        "open adapter/ ignore=use_qalora": Needs(before: "model nano", paths: ["adapter/"]),
        "train epochs=1 as=first": Needs(),
        "load path=reviews.csv text=review label=stars": Needs(paths: ["reviews.csv"]),
        "load sick path=SICK.txt value=relatedness": Needs(paths: ["SICK.txt"]),
        "load reddit_tifu path=tifu.jsonl answer=tldr": Needs(paths: ["tifu.jsonl"]),
        "perplexity": Needs(before: "model nano-llama\nload alpaca path={D}/alpaca.json"),
        "evaluate metrics=chrf++,rougeL max_tokens=24": Needs(
            before: "model nano-llama\nload alpaca path={D}/alpaca.json", paths: []),
        "perplexity path=book.txt stride=64": Needs(before: "model nano-llama", paths: ["book.txt"]),
        "dpo beta=0.1 epochs=1": Needs(before: preferences),
        "dpo loss=ipo beta=0.3": Needs(before: preferences),
        "predict 'a man sleeps' pair='nobody is awake'": Needs(before: pairs),
        "predict file=new.csv to=answers.csv": Needs(before: tuned, paths: ["new.csv", "answers.csv"]),
        "generate file=prompts.csv to=answers.jsonl max_tokens=8": Needs(
            before: "model nano-llama", paths: ["prompts.csv", "answers.jsonl"]),
        "combine ham/ stars/ to=both/ weights=0.7,0.3": Needs(
            before: tuned + "save {D}/ham\nsave {D}/stars", paths: ["ham/", "stars/", "both/"]),
        "combine a/ b/ c/ to=all/ how=ties density=0.2": Needs(
            before: three, paths: ["a/", "b/", "c/", "all/"]),
        "model ./my-bert pooling=cls": Needs(before: tuned + "merge {D}/my-bert", paths: ["./my-bert"]),
        "plot loss of=r8,r16 log=yes": Needs(
            before: run + "lora r=8\ntrain steps=8 as=r8\nlora r=16\ntrain steps=8 as=r16"),
        "runs delete r16": Needs(before: CommandExample.whole + "\ntrain epochs=1 as=r16"),
        "evaluate data=reviews.csv map=negative:1,positive:5": Needs(before: tuned, paths: ["reviews.csv"]),
        "use r16": Needs(before: run + "train epochs=3 as=r16"),
        "resume": Needs(interrupted: run + "train epochs=3 batch=8 lr=1e-3"),
        "resume r16": Needs(interrupted: run + "train epochs=3 batch=8 lr=1e-3 as=r16"),
    ]

    /// Examples that fetch something, which the notebooks do, and Tests/Tools.
    private static let fetching = [
        "load imdb train=500 test=2000 prompt=alpaca", "model minilm", "model smollm2 precision=native",
        "label with=smollm2 instruction='Is this review positive or negative?' to=labels.csv",
        "judge of=tuned with=smollm2", "judge of=base,tuned with=smollm2",
        "judge of=tuned with=smollm2 command='python3 judge.py'",
    ]

    /// Examples that are warned of, in which words, and why that is as it should be.
    private static let warned: [String: (says: String, why: String)] = [
        "evaluate metrics=chrf++,rougeL max_tokens=24": (
            "max_tokens ended", "a model of random weights does not know when an answer ends"
        ),
        "evaluate shots=4 as=four": (
            "such a score", "random weights have learned nothing from what they are shown"
        ),
        "evaluate data=reviews.csv map=negative:1,positive:5": (
            "such a score", "made-up reviews are nothing that made-up sentences prepare for"
        ),
        "compare base run-1": (
            "has not been trained", "the classifier as it is before its training is what is compared with"
        ),
        "evaluate on=train": ("learned", "it says that these texts were learned from"),
        "train epochs=1 optimizer=adafactor lr=0.03 schedule=constant": (
            "every text is called", "eight steps of prompt tuning leave random weights naming one class"
        ),
    ]

    /// What the tables of this test speak of is there.
    @Test func theTablesNameExamples() {
        let all = Set(RegistryTests.cases.map(\.example.code))
        let named = Array(Self.needs.keys) + Self.fetching + Array(Self.warned.keys)
        #expect(named.filter { !all.contains($0) } == [])
    }

    /// What fetches something is bound at least.
    @Test(arguments: RegistryTests.cases.filter { fetching.contains($0.example.code) })
    func whatFetchesIsRead(_ tried: RegistryTests.Case) throws {
        let interpreter = CellInterpreter(session: Session())
        for statement in interpreter.lexicon.parse(tried.example.code).statements {
            try interpreter.binder.check(statement)
        }
    }

    @Test(arguments: RegistryTests.cases.filter { !fetching.contains($0.example.code) })
    func everyExampleRuns(_ tried: RegistryTests.Case) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let example = tried.example
        let needs = Self.needs[example.code]
        #expect(
            example.isSelfContained || needs != nil,
            "what \(example.code) needs is not in the table of this test")
        let scratch = try files(for: example.code)
        func placed(_ text: String) -> String { text.replacing("{D}", with: scratch.path) }
        if let earlier = needs?.interrupted { stop(bench(), earlier, at: "7/18") }
        let bench = bench()
        for cell in [example.after, placed(needs?.before ?? "")] where !cell.isEmpty {
            if let problem = bench.problem(cell) { Issue.record("\(cell)\n\(problem)") }
        }
        let words = example.code.split(separator: " ").map { word in
            let path = needs?.paths.first { word == $0 || word.hasSuffix("=\($0)") }
            return path.map {
                word.dropLast($0.count) + "\(scratch.path)/\(($0 as NSString).lastPathComponent)"
            } ?? String(word)
        }
        let code = words.joined(separator: " ")
        var events = bench.output.events
        switch bench.run(code).ending {
        case .finished(let result):
            events = bench.output.events + (result.map { [RecordingOutput.Event.display($0, id: nil)] } ?? [])
        case .failed(let report): Issue.record("\(code)\n\(report.diagnostic)")
        case .interrupted: Issue.record("\(code) was interrupted")
        }
        let warnings = Self.warnings(of: events)
        let reason = Self.warned[example.code]
        let isMeant = reason.map { words in warnings.contains { $0.onOneLine.contains(words.says) } }
        #expect(
            isMeant ?? warnings.isEmpty, "\(example.after)\n\(code)\n\(warnings.joined(separator: "\n"))")
    }

    private func files(for code: String) throws -> Scratch {
        let scratch = try Scratch()
        let texts = (0..<60).map { "a \($0 % 2 == 0 ? "superb song" : "bleak train") of number \($0)" }
        func table(_ name: String, _ head: String, _ row: (Int, String) -> String) throws {
            _ = try scratch.file(name, ([head] + texts.enumerated().map(row)).joined(separator: "\n") + "\n")
        }
        try table("reviews.csv", "review,stars") { "\($1),\($0 % 2 == 0 ? 5 : 1)" }
        try table("new.csv", "text") { _, text in text }
        try table("prompts.csv", "prompt") { _, text in text }
        try table("SICK.txt", "sentence_A\tsentence_B\tentailment_label\trelatedness_score") {
            "\($1)\tsomebody sings\tNEUTRAL\t\(1 + Double($0 % 41) / 10)"
        }
        func lines(_ name: String, _ row: (Int, String) -> String) throws {
            _ = try scratch.file(name, texts.enumerated().map(row).joined(separator: "\n") + "\n")
        }
        try lines("tifu.jsonl") { #"{"title":"number \#($0)","document":"\#($1)","tldr":"short \#($0)"}"# }
        try lines("helpful.jsonl") { #"{"prompt":"\#($1)","chosen":"yes","rejected":"no"}"# }
        let requests = texts.map { #"{"instruction":"say what it is","input":"\#($0)","output":"a song"}"# }
        _ = try scratch.file("alpaca.json", "[\(requests.joined(separator: ","))]")
        _ = try scratch.file("book.txt", texts.joined(separator: " "))
        try table("pairs.csv", "text,pair,label") { "\($1),somebody sings,\($0 % 2 == 0 ? "yes" : "no")" }
        // An adapter whose file says what this program does not do.
        if code.contains("use_qalora"), Bench().problem(Self.tuned + "save \(scratch.path)/adapter") == nil {
            let config = "\(scratch.path)/adapter/adapter_config.json"
            let text = try String(contentsOfFile: config, encoding: .utf8)
            _ = try scratch.file(
                "adapter/adapter_config.json",
                text.replacing("\"peft_type\"", with: "\"use_qalora\": true, \"peft_type\""))
        }
        return scratch
    }

    /// What the displays, as they are at last, say that must be heeded.
    private static func warnings(of events: [RecordingOutput.Event]) -> [String] {
        var shown: [(id: String?, bundle: MimeBundle)] = []
        for event in events {
            switch event {
            case .display(let bundle, let id): shown.append((id, bundle))
            case .update(let bundle, let id):
                if let place = shown.lastIndex(where: { $0.id == id }) { shown[place].bundle = bundle }
            default: break
            }
        }
        return shown.compactMap { _, bundle in
            let html = bundle.data[MimeType.html]?.string ?? ""
            let isWarned =
                html.contains(/border-left: ?3px solid #D55E00/)
                || bundle.plain.split(separator: "\n").contains { $0.hasPrefix("! ") }
            return isWarned ? bundle.plain : nil
        }
    }
}
