import Diagnostics
import Display
import Foundation
import JSON
import Synchronization
import Testing

@testable import Commands

/// The panel of a run, as a page, a terminal and a console have it.
@Suite struct PanelTests {
    /// A clock that goes on by a second with each look, so that every step is shown.
    private static func bench() -> Bench {
        let time = Mutex(0.0)
        var surroundings = Surroundings.local
        surroundings.now = {
            time.withLock {
                $0 += 1
                return $0
            }
        }
        return Bench(surroundings: surroundings)
    }

    private let bench = Self.bench()
    private let setup = "set workers=2\nmodel nano\nload toy train=64 test=16 validation=16\nlora r=2"

    private func panels(_ cell: String) -> [MimeBundle] {
        let before = bench.output.events.count
        #expect(bench.problem("\(setup)\n\(cell)") == nil)
        return bench.output.events[before...].compactMap { event in
            switch event {
            case .display(let bundle, id: .some), .update(let bundle, _): bundle
            default: nil
            }
        }
    }

    private func html(_ bundle: MimeBundle?) -> String { bundle?.data[MimeType.html]?.string ?? "" }

    @Test func itBeginsWithTheUntunedModelAndTheWholeAxis() throws {
        let first = try #require(panels("train epochs=2").first)
        #expect(first.plain.hasPrefix("0% ") && first.plain.contains("measuring the untuned model"))
        #expect(html(first).contains("viewBox=\"0 0 16 190\""))
        #expect(html(first).contains(">running</span>"))
        #expect(html(first).contains("the curve begins with step 1"))
    }

    @Test func eachUpdateSaysPercentAndTimeLeftOnOneLine() {
        let shown = panels("train epochs=2").dropLast()
        let steps = shown.filter { $0.plain.contains("step ") && !$0.plain.contains("step 0/") }
        #expect(steps.count >= 16)
        for panel in steps {
            #expect(!panel.plain.contains("\n") && panel.plain.displayWidth <= 80, "\(panel.plain)")
            #expect(panel.plain.contains("% ") && panel.plain.contains(" left"), "\(panel.plain)")
        }
        #expect(steps.contains { $0.plain.hasPrefix("50% ") && $0.plain.contains("step 8/16  epoch 1 of 2") })
        #expect(html(steps.last).contains("height:6px;background:#1A80C4"))
    }

    @Test func theEndSaysWhatCameOutAndMarksTheBest() throws {
        let last = try #require(panels("train epochs=2").last)
        #expect(last.plain.hasPrefix("Done ") && last.plain.contains(" on validation"))
        let rows = last.plain.split(separator: "\n").map(String.init)
        #expect(rows.contains { $0.contains("untuned") && $0.contains("–") }, "\(last.plain)")
        #expect(rows.count { $0.contains("◀ best") } == 1)
        #expect(html(last).components(separatedBy: "rgba(213,94,0,0.12)").count == 2)
        #expect(html(last).contains("<b style=\"font-weight:600\">best</b>"))
        #expect(last.data[MimeType.latex]?.string?.contains(#"\begin{tabular}"#) == true)
        #expect(last.data[MimeType.markdown]?.string?.contains("| epoch |") == true)
        let value = bench.run("train steps=1").statements.last?.value
        for key in [
            "run", "method", "data", "steps", "loss", "tokens", "seconds", "states", "epochs", "losses",
        ] {
            #expect(value?[key] != nil, "\(key)")
        }
    }

    @Test func aSecondTrainGoesOnWithCurveAndNumbering() throws {
        let last = try #require(panels("train epochs=1\ntrain epochs=2").last)
        #expect(html(last).contains("viewBox=\"0 0 24 190\""))
        for word in ["epoch 1", "epoch 2", "epoch 3", ">8</div>", ">24</div>"] {
            #expect(html(last).contains(word), "\(word)")
        }
        let numbers = last.plain.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.flatMap { Int($0) }
        }
        #expect(numbers == [0, 1, 2, 3], "\(last.plain)")
        #expect(html(last).contains("M1,"), "the curve begins with the first run's first step")
    }

    @Test func anInterruptIsANoteAndNoError() throws {
        let output = Gathering(bench.interruption, at: "step 5/16")
        let outcome = bench.interpreter.run(
            cell: "\(setup)\ntrain epochs=2", output: output, interruption: bench.interruption)
        guard case .interrupted(isSaid: true) = outcome.ending else {
            Issue.record("\(outcome.ending)")
            return
        }
        let last = try #require(output.last)
        #expect(last.plain.hasPrefix("31% stopped by you"))
        #expect(
            last.plain.replacing("\n", with: " ").contains(
                "stopped at step 5 of 16; run-1 is kept in memory: resume finishes it, train goes on from its weights"
            ))
        #expect(html(last).contains("height:6px;background:\(Palette.neutral)"))
        #expect(html(last).contains(">resume</code>"))
    }

    @Test func withoutTimesTheFinalStateAloneIsShownAndTheSameEachTime() {
        let runs = (0..<2).map { _ in
            let bench = Bench()
            bench.run("set times=off\n\(setup)\ntrain epochs=1")
            return bench.output.events.compactMap { event -> MimeBundle? in
                switch event {
                case .display(let bundle, id: .some), .update(let bundle, _): bundle
                default: nil
                }
            }
        }
        #expect(runs[0].count == 1 && runs[0] == runs[1])
        for word in [" s ", " MB", "cores", "tokens/s", "time"] {
            #expect(!html(runs[0].first).contains(word), "\(word)")
        }
    }

    /// For front ends that tell it elsewhere too, the status bar of JupyterLab say.
    @Test func howFarItIsStandsBesideItAsDataWhileItRuns() throws {
        let shown = panels("train epochs=2").map { $0.metadata["lorikeet"]?["progress"] }
        let first = try #require(shown.first ?? nil)
        #expect(first["verb"] == "train" && first["share"]?.number == 0 && first["left"] == nil)
        let shares = shown.dropLast().map { $0?["share"]?.number ?? -1 }
        #expect(shares == shares.sorted() && Set(shares).isSuperset(of: [0.25, 0.5, 0.75]), "\(shares)")
        let left = shown.dropLast().compactMap { $0?["left"]?.number }
        #expect(left.count > 10 && (left.last ?? 0) < (left.first ?? 0) && left.allSatisfy { $0 >= 0 })
        #expect(shown.last == .some(nil), "the last state says nothing more")
        let judged = panels("evaluate").map { $0.metadata["lorikeet"]?["progress"] }
        #expect(judged.contains { $0?["verb"] == "evaluate" } && judged.last == .some(nil), "\(judged)")
    }

    @Test func anInterruptedRunIsUnderWayNoMore() {
        let output = Gathering(bench.interruption, at: "step 5/16")
        _ = bench.interpreter.run(
            cell: "\(setup)\ntrain epochs=2", output: output, interruption: bench.interruption)
        #expect(output.last != nil && output.last?.metadata["lorikeet"] == nil)
    }

    // MARK: - In a console

    @Test func aConsoleHasLinesAtWiderAndWiderIntervalsThenTheTable() throws {
        let console = Console()
        let outcome = bench.interpreter.run(
            cell: "\(setup)\ntrain epochs=2", output: console, interruption: bench.interruption)
        let lines = console.text.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("step 1/16  loss ") && $0.hasSuffix(" left") }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("untuned  validation loss ") })
        #expect(lines.contains { $0.hasPrefix("epoch 1 of 2  train loss ") && $0.contains("accuracy ") })
        #expect(lines.count { $0.hasPrefix("step ") } < 10)
        guard case .finished(let result?) = outcome.ending else {
            Issue.record("the table is not shown")
            return
        }
        #expect(result.plain.hasPrefix("Done ") && result.plain.contains("◀ best"))
        #expect(console.identified == 0, "a display that never changes stays behind")
    }

    @Test func intervalsWiden() {
        var interval = WideningInterval()
        let due = (0...2000).filter { interval.isDue(at: Double($0)) }
        #expect(due == [0, 2, 6, 14, 30, 62, 126, 254, 510, 1022, 1622])
    }

    // MARK: - The time left

    @Test func theTimeLeftFollowsTheStepsSoFar() throws {
        var left = TimeLeft(stepsPerEpoch: 5)
        #expect(left.seconds(steps: 10, judgements: 2) == nil)
        left.addJudgement(seconds: 3)
        #expect(left.seconds(steps: 10, judgements: 2) == nil)
        left.addStep(seconds: 2)
        #expect(left.seconds(steps: 10, judgements: 2) == 26)
        // The first step is slow, and counts as long as it is the only one.
        left.addStep(seconds: 1)
        #expect(left.seconds(steps: 10, judgements: 2) == 16)
        // Slow steps of long ago do not count.
        for _ in 0..<20 { left.addStep(seconds: 1) }
        #expect(try abs(#require(left.seconds(steps: 10, judgements: 1)) - 13) < 1e-9)
    }

    @Test func aJudgementThatNobodyHasSeenTakesWhatIsThought() {
        var left = TimeLeft(stepsPerEpoch: 5, judgement: 4)
        left.addStep(seconds: 1)
        #expect(left.seconds(steps: 3, judgements: 2) == 11)
        left.addJudgement(seconds: 1)
        #expect(left.seconds(steps: 3, judgements: 2) == 5)
    }

    @Test func aLimitEndsItButForALastJudgement() {
        var left = TimeLeft(stepsPerEpoch: 5, judgement: 4)
        left.addStep(seconds: 1)
        #expect(left.seconds(steps: 100, judgements: 3, allowed: 10) == 14)
        #expect(left.seconds(steps: 100, judgements: 0, allowed: 10) == 10)
        #expect(left.seconds(steps: 2, judgements: 1, allowed: 100) == 6)
        #expect(left.seconds(steps: 0, judgements: 1, allowed: 0) == 4)
    }

    @Test(arguments: [
        (0.0, "1 s left"), (0.4, "1 s left"), (3.2, "4 s left"), (25.1, "26 s left"),
        (184.2, "3 min 05 s left"),
    ])
    func itIsSaidInWholeSeconds(seconds: Double, text: String) {
        #expect(TimeLeft.text(seconds) == text)
    }

    @Test func manyEpochsAreCutInTheMiddle() {
        let lines = (1...400).map { EpochTable.Line(epoch: Double($0), steps: $0, trainLoss: 1 / Double($0)) }
        let panel = EpochTable(lines, hasValidation: false, showsTimes: false).panel
        #expect(panel.rows.count == 11)
        #expect(panel.rows.last?.cells.first?.text == "400")
        #expect(panel.html.contains("390 epochs left out"))
    }
}

/// Keeps the last display, and asks for a stop when it says something.
private final class Gathering: Output {
    private let interruption: Interruption
    private let text: String
    private let shown = Mutex<MimeBundle?>(nil)

    init(_ interruption: Interruption, at text: String) {
        (self.interruption, self.text) = (interruption, text)
    }

    var last: MimeBundle? { shown.withLock { $0 } }

    func display(_ bundle: MimeBundle, id: String?) { if let id { update(bundle, id: id) } }

    func update(_ bundle: MimeBundle, id: String) {
        shown.withLock { $0 = bundle }
        if bundle.plain.contains(text) { interruption.request() }
    }

    func write(_ text: String, to stream: Display.OutputStream) {}
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}

/// Prints displays once, and lets updates pass.
private final class Console: Output {
    private let kept = Mutex((text: "", identified: 0))

    var updatesInPlace: Bool { false }
    var text: String { kept.withLock { $0.text } }
    var identified: Int { kept.withLock { $0.identified } }

    func display(_ bundle: MimeBundle, id: String?) { if id != nil { kept.withLock { $0.identified += 1 } } }
    func update(_ bundle: MimeBundle, id: String) {}
    func write(_ text: String, to stream: Display.OutputStream) { kept.withLock { $0.text += text } }
    func clear(wait: Bool) {}
    func page(_ bundle: MimeBundle) {}
    func input(prompt: String, isPassword: Bool) throws -> String { "" }
}
