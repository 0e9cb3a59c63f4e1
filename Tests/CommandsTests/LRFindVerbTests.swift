import Diagnostics
import Display
import Foundation
import JSON
import Synchronization
import Testing
import Training

@testable import Commands

/// `lr_find`: a rate, and everything as it was.
@Suite struct LRFindVerbTests {
    private static let setup = "set workers=2\nmodel nano\nload toy train=64 test=16 validation=16"

    private func bench(_ beginning: String) -> Bench {
        let bench = Bench()
        bench.run("\(Self.setup)\n\(beginning)")
        return bench
    }

    static let beginnings = [
        "lora r=2 dropout=0.1", "lora r=2 dora=yes\ntrain steps=3", "full", "full\ntrain steps=3", "last n=1",
        "head", "prefix_tuning tokens=4 projection=yes",
        "model nano head.norm=batch\nload toy train=64 test=16\nfull",
        "hft", "",
    ]

    @Test(arguments: beginnings) func allIsAsItWas(beginning: String) throws {
        let (bench, other) = (bench(beginning), bench(beginning))
        let before = bench.fingerprint
        let engine = bench.interpreter.session.state.engine
        #expect(bench.problem("lr_find steps=24 batch=16") == nil)
        let isFound = bench.interpreter.session.state.metrics["suggested_lr"] != nil
        #expect(bench.fingerprint.differences(from: before) == (isFound ? ["metrics"] : []))
        let after = bench.interpreter.session.state.engine
        #expect(after.runCount == engine.runCount && after.seen == engine.seen)
        let (was, now) = (engine.kept?.state.trainer.optimizer, after.kept?.state.trainer.optimizer)
        #expect(was?.tensors.map { $0.values.floats } == now?.tensors.map { $0.values.floats })
        // What is trained next has the bytes that it would have had.
        bench.run("train steps=5 batch=8 seed=3\nevaluate")
        other.run("train steps=5 batch=8 seed=3\nevaluate")
        #expect(bench.fingerprint.weights == other.fingerprint.weights)
        let run = bench.fingerprint.facts["run"]
        #expect(run != nil && run == other.fingerprint.facts["run"])
        let losses = [bench, other].map { $0.interpreter.session.state.engine.evaluation?.loss }
        #expect(losses[0] != nil && losses[0] == losses[1])
    }

    @Test func itSuggestsARateAndShowsTheLosses() throws {
        let bench = bench("lora r=2")
        let outcome = bench.run("lr_find steps=60 batch=16")
        let value = try #require(outcome.statements.last?.value)
        let rate = try #require(value["suggestion"]?.number)
        #expect(rate > 1e-6 && rate < 1 && value["by"] == "valley")
        let rows = try #require(value["rows"]?.array)
        #expect(rows.count == value["steps"]?.integer)
        #expect(abs((rows[0]["lr"]?.number ?? 0) / 1e-7 - 1) < 1e-5)
        #expect(bench.interpreter.session.state.metrics["suggested_lr"]?.number == rate)
        guard case .finished(let bundle?) = outcome.ending else { return #expect(Bool(false)) }
        #expect(bundle.plain.contains("Loss by learning rate") && bundle.plain.contains("◆ valley"))
        #expect(bundle.data[MimeType.vegaLite] != nil && bundle.data[MimeType.html] == nil)
        let facts = bench.output.shown
        #expect(facts.contains("suggested lr \(RateReport.text(rate)) (valley)"))
        #expect(facts.contains("train lr=\(RateReport.text(rate)) batch=16 takes it"))
        #expect(bench.problem("train lr=\(RateReport.text(rate)) batch=16 steps=1") == nil)
        for line in bundle.plain.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    /// The line that it prints runs, under the conditions that the rate was found under.
    @Test(arguments: [
        (
            "optimizer=sgd momentum=0.9 nesterov=yes batch=32 clip=0.5 steps=200",
            " batch=32 optimizer=sgd clip=0.5 momentum=0.9 nesterov=yes"
        ),
        (
            "loss=focal focal_gamma=3 class_weights=negative:2,positive:1 neftune=5 batch=32 steps=200",
            " batch=32 loss=focal neftune=5 class_weights=negative:2,positive:1 focal_gamma=3"
        ),
        (
            "optim=lion weight_decay=0.1 decay_on=all label_smoothing_factor=0.1 batch=16 steps=60",
            " batch=16 optimizer=lion decay_on=all label_smoothing=0.1 weight_decay=0.1"
        ),
        ("clip=1 batch=8 seed=3", ""),
    ])
    func whatItPrintsRepeatsTheConditions(keys: String, conditions: String) throws {
        let bench = bench("full")
        #expect(bench.problem("lr_find \(keys)") == nil)
        let shown = bench.output.shown.onOneLine
        let said = try #require(shown.firstMatch(of: /(train lr=\S+)(.*?) takes it/), "\(shown)")
        #expect(said.output.2 == conditions)
        let line = "\(said.output.1)\(said.output.2)"
        #expect(bench.problem("\(line) steps=1") == nil, "\(line)")
    }

    /// Classes that nothing tells apart, and rates from which the loss only rises.
    @Test func whereNothingFallsNothingIsSuggested() throws {
        let folder = NSTemporaryDirectory() + "lorikeet-noise-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let rows = (0..<400).map {
            "word \($0 &* 7919 % 1009) and \($0 &* 104_729 % 997),\($0 &* 31 % 7 % 2)"
        }
        try (["text,label"] + rows).joined(separator: "\n")
            .write(toFile: "\(folder)/noise.csv", atomically: true, encoding: .utf8)
        for (setup, line) in [
            (
                "load path=\(folder)/noise.csv train=300 validation=0 test=50\nlora r=2",
                "lr_find steps=40 to=1e-4"
            ),
            ("load toy train=64 test=16\nfull", "lr_find steps=200 from=0.1"),
        ] {
            let bench = Bench()
            bench.run("set workers=2\nmodel nano\n\(setup)")
            let outcome = bench.run(line)
            let value = try #require(outcome.statements.last?.value)
            #expect(value["suggestion"] == .null && value["suggestions"]?["valley"] == .null, "\(line)")
            #expect(bench.interpreter.session.state.metrics["suggested_lr"] == nil)
            let shown = bench.output.shown.onOneLine
            #expect(shown.contains("no lr to suggest"))
            #expect(shown.contains("at no rate did the loss fall by more than it varies from batch to batch"))
            guard case .finished(let bundle?) = outcome.ending else { return #expect(Bool(false)) }
            #expect(bundle.plain.contains("Loss by learning rate") && !bundle.plain.contains("◆"))
        }
    }

    /// The lowest loss of the headline is that of the plot.
    @Test func headlineAndPlotAgree() throws {
        let bench = bench("lora r=2")
        let outcome = bench.run("lr_find steps=60 batch=16")
        guard case .finished(let bundle?) = outcome.ending else { return #expect(Bool(false)) }
        let rows = try #require(outcome.statements.last?.value["rows"]?.array).dropLast(5)
        let losses = rows.compactMap { row in row["smoothed"]?.number }
        let lowest = try #require(losses.indices.min { losses[$0] < losses[$1] })
        let rate = try #require(rows[lowest]["lr"]?.number)
        #expect(bench.output.shown.contains("loss lowest at \(RateReport.text(rate))"))
        let text = NumberStyle.automatic.text(losses[lowest])
        #expect(bundle.plain.onOneLine.contains("lowest \(text) at"), "\(bundle.plain)")
    }

    @Test(arguments: ["valley", "steep", "minimum"]) func anotherRuleFindsAnother(rule: String) throws {
        let value = try #require(
            bench("full").run("lr_find steps=40 by=\(rule) optimizer=sgd momentum=0.9").statements.last?.value
        )
        #expect(value["suggestion"] == value["suggestions"]?[rule] && value["by"]?.string == rule)
        #expect(value["optimizer"] == "sgd")
    }

    @Test(arguments: [(1.23e-3, "1.2e-3"), (0.05, "5e-2"), (1, "1e0"), (9.96e-6, "1e-5")])
    func aRateIsWrittenInTwoDigits(rate: Double, text: String) {
        #expect(RateReport.text(rate) == text)
    }

    /// Once a few steps are done, what they have shown is shown.
    @Test func anInterruptShowsWhatThereIs() {
        let time = Counter()
        var surroundings = Surroundings.local
        surroundings.now = { time.next() }
        let bench = Bench(surroundings: surroundings)
        bench.run("\(Self.setup)\nlora r=2")
        let before = bench.fingerprint
        let shown = Mutex<[String]>([])
        let output = StoppingOutput(bench.interruption) { bundle in
            shown.withLock { $0.append(bundle.plain) }
            return bundle.plain.contains("30/40")
        }
        let outcome = bench.interpreter.run(
            cell: "lr_find steps=40", output: output, interruption: bench.interruption)
        guard case .interrupted(isSaid: true) = outcome.ending else { return #expect(Bool(false)) }
        let all = shown.withLock { $0.joined(separator: "\n") }
        #expect(all.contains("stopped by you at step 30 of 40") && all.contains("Loss by learning rate"))
        #expect(bench.fingerprint.differences(from: before) == [])
    }

    @Test func adviceNamesKeysThatAreThere() throws {
        let bench = bench("full\nset memory=1k")
        let problem = bench.problem("lr_find batch=64")
        #expect(problem?.code == "no-memory")
        let hint = try #require(problem?.hint)
        #expect(!hint.contains("; max_length=") && !hint.hasPrefix("max_length="), "\(hint)")
    }

    @Test func ratesRise() {
        #expect(bench("").problem("lr_find from=1 to=0.5")?.code == "bad-value")
        #expect(bench("").problem("lr_find steps=5")?.code == "bad-value")
    }
}
