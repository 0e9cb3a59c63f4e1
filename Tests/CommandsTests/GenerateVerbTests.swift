import Diagnostics
import Display
import Foundation
import JSON
import Synchronization
import TestScratch
import Testing

@testable import Commands

/// `generate`: what is written, how it is shown meanwhile, and where it goes.
@Suite struct GenerateVerbTests {
    private static let start = "model nano-llama\n"

    private func value(_ cell: String, _ bench: Bench = Bench()) -> JSON? {
        bench.run(cell).statements.last?.value
    }

    private func texts(_ cell: String) -> [String] {
        (value(cell)?["texts"]?.array ?? []).compactMap { $0["answer"]?.string }
    }

    /// A session whose clock jumps, so that every token is shown.
    private func watched(_ output: any Output, _ cell: String) -> CellOutcome {
        var surroundings = Surroundings.local
        let time = Counter()
        surroundings.now = { time.next() }
        let bench = Bench(surroundings: surroundings)
        return bench.interpreter.run(cell: cell, output: output, interruption: bench.interruption)
    }

    // MARK: - What is written

    @Test func theValueSaysTextsTokensAndWhyTheyEnded() throws {
        let value = try #require(self.value(Self.start + "generate 'the soup was' max_tokens=7"))
        let text = try #require(value["texts"]?.array?.first)
        #expect(text["prompt"]?.string == "the soup was" && text["ended"]?.string == "max_tokens")
        #expect(text["tokens"]?.integer == 7 && value["tokens"]?.integer == 7)
        #expect(value["seconds"]?.number != nil && value["tokens_per_second"]?.number != nil)
        let quiet = try #require(
            self.value("set times=off\n" + Self.start + "generate 'the soup' max_tokens=2"))
        #expect(quiet["seconds"] == nil && quiet["tokens_per_second"] == nil)
    }

    @Test func severalPromptsAreWrittenAsEachAlone() {
        let both = texts(Self.start + "generate 'the soup was' 'a lovely train' max_tokens=9")
        #expect(both.count == 2)
        #expect(both.first == texts(Self.start + "generate 'the soup was' max_tokens=9").first)
        #expect(both.last == texts(Self.start + "generate 'a lovely train' max_tokens=9").first)
    }

    @Test func whatIsDrawnFollowsTheSeed() {
        let drawn = "generate 'the soup was' temperature=2 n=3 max_tokens=9 seed="
        let one = texts(Self.start + drawn + "1")
        #expect(one.count == 3 && Set(one).count == 3)
        #expect(texts(Self.start + drawn + "1") == one && texts(Self.start + drawn + "2") != one)
        #expect(texts(Self.start + "set seed=1\n" + drawn.dropLast(6)) == one)
        #expect(
            texts(Self.start + "generate 'the soup was' max_tokens=9")
                == texts(
                    Self.start + "generate 'the soup was' max_tokens=9 top_k=1"))
    }

    @Test func aStopStringIsNotShown() throws {
        let whole = try #require(texts(Self.start + "generate 'the soup was' max_tokens=12").first)
        let stop = try #require(whole.split(separator: " ").last.map(String.init))
        let cut = try #require(
            texts(Self.start + "generate 'the soup was' max_tokens=12 stop='\(stop)'").first)
        #expect(!cut.contains(stop) && whole.hasPrefix(cut))
    }

    // MARK: - Templates

    @Test func theDatasTemplateIsTheUsualOne() throws {
        let data = Self.start + "load toy train=16 test=8 prompt=alpaca\n"
        let own = try #require(value(data + "generate 'the soup was' max_tokens=4"))
        #expect(own["template"]?.string == "alpaca")
        let (plain, none) = (
            texts(Self.start + "generate 'the soup was' max_tokens=4"),
            texts(data + "generate 'the soup was' max_tokens=4 prompt=none")
        )
        #expect(plain == none)
        let shown = try #require(Bench().panel(data + "generate 'the soup was' max_tokens=4")).plain
        #expect(shown.contains("prompt alpaca of the data") && shown.contains("prompt=none"))
        // The words are what the data's instruction is about, as a text of theirs is.
        #expect(
            texts(data + "generate 'the soup was' max_tokens=4")
                == texts(
                    Self.start
                        + "generate 'Classify the text as negative or positive.' input='the soup was' prompt=alpaca max_tokens=4"
                ))
    }

    @Test func whatHasNoPlaceIsRefused() {
        let bench = Bench()
        bench.run(Self.start)
        #expect(bench.problem("generate 'a' input='b'")?.code == "unused-key")
        #expect(bench.problem("generate 'a' n=2")?.code == "bad-value")
        #expect(bench.problem("generate 'a' temperature=0 top_p=0.9")?.code == "two-values")
        #expect(bench.problem("generate 'a' do_sample=False temperature=0.7")?.code == "two-values")
        #expect(bench.problem("generate 'a' sample=yes temperature=0")?.code == "two-values")
        #expect(bench.problem("generate 'a' num_beams=4")?.code == "unsupported-key")
        #expect(bench.problem("generate 'a' prompt=nosuch") != nil)
        #expect(bench.problem("generate 'a' do_sample=True num_beams=1 max_new_tokens=2") == nil)
        #expect(Bench().problem("generate 'a'")?.code == "no-model")
        #expect(Bench().problem("model nano\nchat 'a' prompt=chatml")?.code == "no-language-head")
    }

    // MARK: - While it is written

    @Test func theDisplayGrowsAndEndsWhole() throws {
        let output = RecordingOutput()
        let outcome = watched(output, Self.start + "generate 'the <b>soup' max_tokens=6")
        guard case .finished(nil) = outcome.ending else { return #expect(Bool(false), "shown twice") }
        let shown = output.events.compactMap { event -> MimeBundle? in
            switch event {
            case .display(let bundle, id: .some), .update(let bundle, _): bundle
            default: nil
            }
        }
        #expect(shown.count == 7)
        let (first, last) = try (#require(shown.first), #require(shown.last))
        #expect(first.isUnderWay && !last.isUnderWay)
        #expect(last.plain.contains("the <b>soup") && last.plain.contains("6 tokens"))
        let html = try #require(last.data[MimeType.html]?.string)
        #expect(html.contains(#"opacity:0.72">the &lt;b&gt;soup"#))
        #expect(!html.contains("<b>soup"))
        #expect(last.data[MimeType.markdown] != nil && last.data[MimeType.latex] != nil)
    }

    @Test func aConsoleHasTheWordsAsTheyCome() throws {
        let told = Told()
        _ = watched(told, Self.start + "generate 'the soup was' 'a train' max_tokens=5")
        let wanted = texts(Self.start + "generate 'the soup was' 'a train' max_tokens=5")
        #expect(told.text.hasPrefix("the soup was\(wanted[0])\n\na train\(wanted[1])\n"))
        #expect(told.text.contains("10 tokens"))
    }

    @Test func anInterruptKeepsWhatIsWritten() throws {
        var surroundings = Surroundings.local
        let time = Counter()
        surroundings.now = { time.next() }
        let bench = Bench(surroundings: surroundings)
        let output = Cut(bench.interruption)
        let outcome = bench.interpreter.run(
            cell: Self.start + "generate 'the soup was' max_tokens=1000", output: output,
            interruption: bench.interruption)
        guard case .interrupted = outcome.ending else { return #expect(Bool(false), "it ended") }
        #expect(output.last?.plain.contains("stopped: this is what was written so far") == true)
        #expect(output.last?.plain.hasPrefix("the soup was ") == true)
        bench.interruption.clear()
        #expect(bench.problem("generate 'the soup was' max_tokens=2") == nil)
    }

    // MARK: - Files

    @Test func aFileIsWrittenRowByRow() throws {
        let scratch = try Scratch()
        let from = try scratch.file("in.csv", "id,prompt\n1,the soup was\n2,\"a \"\"lovely\"\" train\"\n")
        let bench = Bench()
        bench.run(Self.start)
        let alone = texts(Self.start + "generate 'the soup was' max_tokens=4")
        #expect(bench.problem("generate file=\(from) to=\(scratch.path)/out.jsonl max_tokens=4") == nil)
        let lines = try String(contentsOfFile: "\(scratch.path)/out.jsonl", encoding: .utf8).split(
            separator: "\n")
        let rows = try lines.map { try JSON(parsing: Data($0.utf8)) }
        #expect(rows.map { $0["prompt"]?.string } == ["the soup was", "a \"lovely\" train"])
        #expect(rows.first?["answer"]?.string == alone.first && rows.first?["ended"]?.string == "max_tokens")
        #expect(bench.problem("generate file=\(from) to=\(scratch.path)/out.csv max_tokens=4") == nil)
        let table = try String(contentsOfFile: "\(scratch.path)/out.csv", encoding: .utf8)
        #expect(table.hasPrefix("prompt,input,sample,answer,ended,tokens\nthe soup was,"))
        #expect(bench.problem("generate file=\(from) to=\(from) max_tokens=4")?.code == "cannot-write")
        #expect(bench.problem("generate 'a' to=\(scratch.path)/out.txt")?.code == "bad-value")
        #expect(bench.problem("generate 'a' file=\(from)")?.code == "two-values")
        let odd = try scratch.file("odd.csv", "a,b\n1,2\n")
        #expect(bench.problem("generate file=\(odd)")?.code == "missing-column")
    }
}

/// A console: it shows what is written, and displays once.
private final class Told: Output {
    private let recorded = RecordingOutput()
    var text: String { recorded.text }
    var updatesInPlace: Bool { false }
    func display(_ bundle: MimeBundle, id: String?) {}
    func update(_ bundle: MimeBundle, id: String) {}
    func write(_ text: String, to stream: Display.OutputStream) { recorded.write(text, to: stream) }
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}

/// Asks for a stop once some words are shown, and keeps what is shown last.
private final class Cut: Output {
    private let interruption: Interruption
    private let shown = Mutex<MimeBundle?>(nil)

    init(_ interruption: Interruption) { self.interruption = interruption }

    var last: MimeBundle? { shown.withLock { $0 } }

    func display(_ bundle: MimeBundle, id: String?) { update(bundle, id: id ?? "") }
    func update(_ bundle: MimeBundle, id: String) {
        shown.withLock { $0 = bundle }
        if bundle.isUnderWay, bundle.plain.utf8.count > 60 { interruption.request() }
    }
    func write(_ text: String, to stream: Display.OutputStream) {}
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}
