import Diagnostics
import Display
import Foundation
import JSON
import Language
import Learning
import Testing

@testable import Commands

/// The whole road on the nano model and the toy sentences.
@Suite struct EngineVerbTests {
    private func tuned(_ cell: String = "lora r=4\ntrain epochs=1") -> Bench {
        let bench = Bench()
        bench.run("set times=off workers=2\nmodel nano\nload toy train=96 test=48 validation=32\n\(cell)")
        return bench
    }

    @Test func everythingTrainedLearnsTheToyRule() throws {
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=400 test=100\nfull\ntrain epochs=2\nevaluate")
        let metrics = bench.interpreter.session.state.metrics
        #expect(try #require(metrics["accuracy"]?.number) > 0.9)
        let shown = try bench.interpreter.evaluate(expression: "accuracy").get()
        #expect(shown.plain == formatted(try #require(metrics["accuracy"]?.number)))
    }

    @Test func anEvaluationIsAlsoPlainData() throws {
        let bench = tuned("")
        let value = try #require(bench.run("evaluate").statements.last?.value)
        for key in [
            "accuracy", "interval", "balanced_accuracy", "precision", "recall", "f1", "matrix", "baseline",
            "n",
        ] {
            #expect(value[key] != nil, "\(key)")
        }
        #expect(value["n"] == 48)
        #expect(value["baseline"] == 0.5)
        let matrix = try #require(value["matrix"]?.array)
        let counts = matrix.flatMap { $0.array ?? [] }.compactMap(\.integer)
        let right = Double(counts[0] + counts[3])
        #expect(value["accuracy"]?.number == right / 48)
        #expect(value["recall"]?.number == Double(counts[3]) / Double(counts[2] + counts[3]))
    }

    @Test func trainingPrintsItsPlanThenOnePanel() throws {
        let bench = tuned("lora r=4")
        let before = bench.output.events.count
        let outcome = bench.run("train epochs=2")
        let events = bench.output.events[before...]
        guard case .display(let plan, id: nil)? = events.first else {
            Issue.record("no plan")
            return
        }
        #expect(plan.plain.contains(" · 24 steps · LoRA r=4 · "), "\(plan.plain)")
        let html = plan.data[MimeType.html]?.string ?? ""
        for word in ["<details", "trained", "24, 12 an epoch", "lora r=4 alpha=16", "max_length"] {
            #expect(html.contains(word), "\(word) in \(html)")
        }
        let identities = Set(
            events.compactMap { event -> String? in
                switch event {
                case .display(_, let id): id
                case .update(_, let id): id
                default: nil
                }
            })
        #expect(identities.count == 1)
        guard case .display(let last, _?)? = events.last else {
            Issue.record("no final state")
            return
        }
        #expect(last.plain.hasPrefix("Done ") && last.plain.contains("steps 24"), "\(last.plain)")
        #expect(last.plain.contains("validation loss"))
        // The panel is the result: nothing is shown twice, and its value is there.
        guard case .finished(nil) = outcome.ending else {
            Issue.record("it is shown twice")
            return
        }
        #expect(outcome.statements.last?.value["epochs"]?.array?.count == 2)
        #expect(outcome.statements.last?.mimeTypes.contains(MimeType.latex) == true)
    }

    @Test func theSameSeedGivesTheSameOutputForAnyNumberOfWorkers() {
        func outputs(_ workers: Int) -> [String] {
            let bench = Bench()
            bench.run("set times=off workers=\(workers)\nmodel nano\nload toy train=64 test=32\nlora")
            let outcome = bench.run("train epochs=1\nevaluate")
            return outcome.statements.compactMap { $0.value["loss"]?.text() }
                + [bench.result("table steps")?.plain].compactMap(\.self)
        }
        let alone = outputs(1)
        #expect(alone.count == 3 && alone == outputs(2))
    }

    @Test func loraOfFreshWeightsChangesNothing() throws {
        let bench = tuned("")
        func loss() throws -> Double {
            try #require(bench.run("evaluate").statements.last?.value["loss"]?.number)
        }
        let before = try loss()
        bench.run("lora r=8")
        #expect(try loss() == before)
        bench.run("full last=1")
        #expect(try loss() == before)
    }

    @Test func aLossThatIsNotFiniteTakesEverythingBack() throws {
        let bench = tuned("full\ntrain epochs=1\nevaluate")
        let loss = bench.interpreter.session.state.metrics["loss"]
        // Each step takes a hundred times a weight off it, so that all of them soon leave the numbers there are.
        #expect(bench.problem("train lr=10 clip=0 weight_decay=10 epochs=50")?.code == "loss-not-finite")
        bench.run("evaluate")
        #expect(bench.interpreter.session.state.metrics["loss"] == loss)
    }

    @Test func anInterruptKeepsWhatWasReached() throws {
        let bench = tuned("lora\nset times=on")
        let counting = StoppingOutput(bench.interruption) {
            $0.plain.contains("step ") && !$0.plain.contains("step 0/")
        }
        let outcome = bench.interpreter.run(
            cell: "train epochs=500", output: counting, interruption: bench.interruption)
        guard case .interrupted = outcome.ending else {
            Issue.record("\(outcome.statements.last?.diagnostic?.description ?? "it ended")")
            return
        }
        bench.interruption.clear()
        let run = try #require(bench.interpreter.session.state.engine.run)
        #expect(run.steps.count > 0 && !run.isWhole)
        #expect(bench.result("evaluate") != nil)
        #expect(bench.result("plot loss") != nil)
    }

    @Test func shownThingsCarryTheirForms() throws {
        let bench = tuned()
        for line in ["show", "describe", "evaluate", "predict good soup", "params", "table epochs"] {
            let bundle = try #require(bench.result(line), "\(line)")
            #expect(bundle.data["text/html"] != nil && bundle.data["text/markdown"] != nil, "\(line)")
        }
        let matrix = try #require(bench.result("confusion"))
        #expect(matrix.data[MimeType.html] != nil && matrix.data[MimeType.vegaLite] == nil)
        let plot = try #require(bench.result("plot loss"))
        #expect(plot.data[MimeType.vegaLite] != nil && plot.data[MimeType.html] == nil)
        let shares = try #require(
            bench.run("predict 'a lovely day' nothing much").statements.last?.value.array)
        #expect(shares.count == 2)
        let sum = (shares[0]["probabilities"]?.object ?? [:]).reduce(0) { $0 + ($1.value.number ?? 0) }
        #expect(abs(sum - 1) < 1e-5)
    }

    @Test func aPromptIsAnsweredByAWriter() {
        let bench = Bench()
        bench.run("set times=off\nmodel nano-llama\nload toy train=16 test=8 prompt=alpaca max_length=256")
        #expect(bench.problem("evaluate") == nil)
        #expect(bench.problem("lora targets=q,v\ntrain epochs=1 batch=4") == nil)
        #expect(bench.result("show tokens")?.plain.contains("yes") == true)
    }

    @Test func completionKnowsColumnsClassesAndLayers() {
        let bench = tuned()
        func texts(_ line: String) -> [String] {
            bench.interpreter.complete(line, cursor: line.unicodeScalars.count).items.map(\.text)
        }
        #expect(texts("load toy label=").prefix(2) == ["text", "label"])
        #expect(texts("show class=") == ["negative", "positive"])
        #expect(texts("lora targets=qu") == ["query"])
        #expect(texts("model mi") == ["minilm"])
        #expect(texts("load im") == ["imdb"])
        let schedules = ScheduleRegistry.all.map { $0.declaration.name }
        #expect(texts("train schedule=") == schedules)
    }

    @Test func markupInTheDataStaysText() throws {
        let hostile = "<img src=x onerror=alert(1)>"
        let folder = NSTemporaryDirectory() + "lorikeet-hostile-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/<b>x.csv"
        var rows = "\(hostile),label\n"
        for index in 0..<40 { rows += "\"\(hostile) \(index)\",\(index % 2 == 0 ? hostile : "ham")\n" }
        try rows.write(toFile: path, atomically: true, encoding: .utf8)
        let bench = Bench()
        let load = bench.run("load path='\(path)' text='\(hostile)' label=label")
        let cells = [
            "show", "describe", "plot classes", "model nano\nevaluate", "table classes", "confusion",
        ]
        var bundles = cells.compactMap { bench.result($0) }
        if case .finished(let bundle?) = load.ending { bundles.append(bundle) }
        #expect(bundles.count == cells.count + 1)
        #expect(bundles.contains { $0.data[MimeType.html]?.string?.contains("&lt;img") == true })
        #expect(bundles.contains { $0.data[MimeType.vegaLite] != nil })
        for bundle in bundles {
            for type in [MimeType.html, MimeType.svg, MimeType.markdown] {
                #expect(bundle.data[type]?.string?.contains("<img") != true)
            }
        }
    }
}
