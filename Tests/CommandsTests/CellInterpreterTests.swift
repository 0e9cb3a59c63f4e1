import Diagnostics
import Dispatch
import Display
import JSON
import Language
import Synchronization
import Testing

@testable import Commands

@Suite struct CellInterpreterTests {
    @Test func theLastValueIsTheResultAndEarlierOnesAreDisplayed() {
        let bench = Bench()
        let result = bench.result("version\nseed=3\n$seed")
        #expect(result?.plain == "3")
        #expect(
            bench.output.events == [.display(Message("Lorikeet \(Lorikeet.version)").mimeBundle(), id: nil)])
    }

    @Test func aSemicolonKeepsQuiet() {
        let bench = Bench()
        #expect(bench.result("version;") == nil)
        #expect(bench.output.events.isEmpty)
    }

    @Test func aFailingStatementStopsTheCellAndChangesNothing() {
        let bench = Bench()
        let outcome = bench.run("set seed=7\nset seed=8 workers=0\nset seed=9")
        #expect(outcome.statements.map(\.status) == [.ok, .error])
        #expect(bench.interpreter.session.state.settings.seed == 7)
        guard case .failed(let report) = outcome.ending else {
            Issue.record("it went through")
            return
        }
        #expect(report.lines()[0] == "line 2  set seed=8 workers=0")
        #expect(report.lines()[1] == "                           ^")
    }

    @Test func linesAreCountedOut() {
        let bench = Bench()
        bench.run("echo n=10000")
        #expect(bench.output.text == (0..<10000).map { "\($0)\n" }.joined())
        #expect(bench.output.events.count < 5)
    }

    @Test func echoWritesWhatIsSaid() {
        let bench = Bench()
        bench.run("name=Ada\necho hello, $name and 'b  c' #x\necho")
        #expect(bench.output.text == "hello, Ada and b  c\n\n")
        bench.run("echo to=stderr oops")
        #expect(bench.output.events.last == .write("oops\n", .standardError))
    }

    @Test func anInterruptEndsTheCellAndKeepsTheState() {
        let bench = Bench()
        bench.run("x=1")
        bench.interruption.request()
        guard case .interrupted = bench.run("sleep 60").ending else {
            Issue.record("it slept")
            return
        }
        bench.interruption.clear()
        #expect(bench.result("$x")?.plain == "1")
    }

    @Test func aQuestionAsksThePerson() {
        let bench = Bench(answer: "secret")
        bench.run("token=?? 'Hub token'\n$name=?")
        #expect(
            bench.output.events == [
                .input("Hub token: ", isPassword: true), .input("name: ", isPassword: false),
            ])
        #expect(bench.result("$token")?.plain == "secret")
        #expect(Bench().problem("x=?")?.code == "no-input")
    }

    @Test func expressionsAreVariablesAndMetrics() throws {
        let bench = Bench()
        bench.run("x=1e-3")
        bench.interpreter.session.state.suggestedRate = 0.5
        #expect(try bench.interpreter.evaluate(expression: "$x").get().plain == "1e-3")
        #expect(try bench.interpreter.evaluate(expression: "x").get().plain == "1e-3")
        #expect(try bench.interpreter.evaluate(expression: " suggested_lr").get().plain == "0.5")
        #expect(throws: Diagnostic.self) { try bench.interpreter.evaluate(expression: "sugested_lr").get() }
    }

    @Test func nothingIsLostWhenManyAssignBesideEachOther() {
        let bench = Bench()
        let shells = 4
        DispatchQueue.concurrentPerform(iterations: shells) { shell in
            for index in 0..<200 { bench.run("v\(shell)_\(index)=\(index)") }
        }
        let variables = bench.interpreter.session.state.variables
        #expect(variables.names.count == shells * 200)
        for shell in 0..<shells {
            #expect((0..<200).allSatisfy { variables["v\(shell)_\($0)"]?.plain == "\($0)" })
        }
    }

    @Test func aRefusedSettingFurtherDownIsFoundBeforeTrainingBegins() {
        let bench = Bench()
        bench.run("model nano\nload toy train=16 test=8")
        let outcome = bench.run("train steps=1\nlora use_qalora=yes")
        #expect(outcome.statements.count == 1)
        #expect(outcome.statements[0].diagnostic?.code == "unsupported-key")
        #expect(outcome.statements[0].diagnostic?.hint?.contains("train on line 1 was not started") == true)
        #expect(bench.problem("plot loss")?.code == "no-run")
    }

    @Test(arguments: ["model = nano", "lora=8", "eval = 3"])
    func aVariableNamedAsAVerbIsRemarked(line: String) {
        let bench = Bench()
        #expect(bench.run(line).statements[0].status == .ok)
        #expect(bench.output.text.contains("this sets the variable $"))
        let quiet = Bench()
        quiet.run(line + ";\nrank=3")
        #expect(quiet.output.events.isEmpty)
    }

    /// The other one changes the variable while this one waits for it.
    @Test func valuesAreThoseOfTheTurn() throws {
        let time = Atomic<Int>(0)
        var surroundings = Surroundings.local
        surroundings.now = { Double(time.add(1, ordering: .relaxed).newValue) }
        let bench = Bench(surroundings: surroundings)
        bench.run("model nano\nrank=2")
        let (isHeld, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let (interpreter, span) = (bench.interpreter, SourceSpan(0, 1))
        let leases = interpreter.session.leases
        DispatchQueue.global().async {
            let lease = Lease("open", [.model], isLong: false)
            try? leases.hold(lease, at: span, interruption: Interruption()) {
                isHeld.signal()
                mayEnd.wait()
            }
        }
        isHeld.wait()
        // The note that it waits is the moment to change what it waits with.
        let waits = NotingOutput { note in
            guard note.contains("lora waits for open") else { return }
            interpreter.session.state.variables["rank"] = .word("4")
            mayEnd.signal()
        }
        let outcome = interpreter.run(
            cell: "lora r=$rank", output: waits, interruption: bench.interruption)
        #expect(outcome.statements[0].status == .ok)
        #expect(outcome.statements[0].value["method"]?.string?.hasPrefix("lora r=4 ") == true)
    }

    @Test func alternativesNeedABlock() {
        #expect(Bench().problem("set seed=[1, 2]")?.code == "alternatives-outside-block")
    }

    @Test func reportsArePlainData() throws {
        let outcome = Bench().run("version\nset sed=3")
        let first = outcome.statements[0].json
        #expect(first["verb"] == "version")
        #expect(first["line"] == 1)
        #expect(first["status"] == "ok")
        #expect(first["value"] == .string(Lorikeet.version))
        #expect(first["mime_types"] == ["text/plain"])
        #expect(outcome.statements[1].json["error"]?["code"] == "unknown-key")
    }

    @Test func helpCanGoToThePager() {
        let bench = Bench()
        #expect(bench.result("help set pager=yes") == nil)
        guard case .page(let page)? = bench.output.events.last else {
            Issue.record("no page")
            return
        }
        #expect(page.plain.contains("wall-clock"))
    }

    @Test func completionKnowsTheSession() {
        let bench = Bench()
        bench.run("epochs=2")
        let found = bench.interpreter.complete("echo $ep", cursor: 8)
        #expect(found.items.map(\.text) == ["epochs"])
        #expect(bench.interpreter.complete("help ec", cursor: 7).items.map(\.text) == ["echo"])
        #expect(bench.interpreter.inspect("set seed=3", cursor: 5, detail: 0)?.plain.contains("seed") == true)
    }
}
