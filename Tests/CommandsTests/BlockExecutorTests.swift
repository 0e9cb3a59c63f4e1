import Diagnostics
import Display
import Foundation
import JSON
import Language
import Synchronization
import Testing

@testable import Commands

/// Blocks by the tests' own `trial`: their lines run apart from the session.
@Suite struct BlockExecutorTests {
    private static let beginning = """
        set times=off workers=2
        model nano
        load toy train=32 test=16
        lora r=4
        train steps=2 batch=8
        evaluate
        rank=1
        """

    /// Five lines over six alternatives, the third of which is none.
    private static let cell = """
        trial
          rank=5
          lora r=[1, 2, 300, 4, 8, 16]
          train steps=2 batch=8 seed=3
          evaluate
          note="with $rank"
        end
        """

    private func prepared(
        surroundings: Surroundings = .local, answer: String? = nil, after beginning: String = ""
    ) -> Bench {
        let bench = Bench(answer: answer, surroundings: surroundings, commands: TestRegistry.commands)
        bench.run(beginning)
        return bench
    }

    private func outcomes(of cell: String, on bench: Bench) throws -> [JSON] {
        let outcome = bench.run(cell)
        if case .failed(let report) = outcome.ending { throw report.diagnostic }
        return try #require(outcome.statements.last?.value.array)
    }

    // MARK: - Alternatives

    @Test func everyAlternativeRunsAndTheSessionStaysAsItWas() throws {
        let bench = prepared(after: Self.beginning)
        let before = bench.fingerprint
        let shown = bench.output.events.count
        let outcomes = try outcomes(of: Self.cell, on: bench)
        #expect(bench.fingerprint.differences(from: before) == [])
        #expect(bench.output.events.count == shown, "the lines are quiet")
        #expect(outcomes.count == 6)
        for (index, outcome) in outcomes.enumerated() {
            let lines = outcome["lines"]?.array?.compactMap(\.string)
            #expect(lines == (index == 2 ? ["ok", "error"] : ["ok", "ok", "ok", "ok", "ok"]))
            #expect(outcome["rank"] == 5)
        }
        let problem = try #require(outcomes[2]["problem"]?.string)
        #expect(problem.hasPrefix("r cannot be 300") && problem.hasSuffix("(with r=300)"))
        let start = Self.cell.unicodeScalars.distance(
            from: Self.cell.startIndex, to: try #require(Self.cell.firstIndex(of: "[")))
        #expect(outcomes[2]["place"]?.array == [.integer(start), .integer(start + 21)])
    }

    /// One and the same as without a block.
    @Test func anAlternativeIsWhatItsLinesAreAlone() throws {
        let outcomes = try outcomes(of: Self.cell, on: prepared(after: Self.beginning))
        for (index, rank) in [(0, 1), (5, 16)] {
            let alone = prepared(after: Self.beginning)
            alone.run("lora r=\(rank)\ntrain steps=2 batch=8 seed=3\nevaluate")
            let metrics = alone.interpreter.session.state.metrics
            for key in ["accuracy", "loss"] {
                #expect(metrics[key] != nil && outcomes[index]["metrics"]?[key] == metrics[key])
            }
        }
    }

    @Test func whatABlockTakesOverIsTheSessions() throws {
        let bench = prepared(after: "rank=0")
        _ = try outcomes(of: "trial takes=yes\n  set seed=[5, 6]\n  rank=[3, 4]\nend", on: bench)
        #expect(bench.result("$rank")?.plain == "4")
        #expect(bench.interpreter.session.state.settings.seed == 6)
    }

    @Test func blocksStandInBlocks() throws {
        let bench = prepared(after: "rank=0")
        let cell = """
            trial
              a=[1, 2]
              attempt
                b=[x, y, z]
                rank="$a$b"
              end
              rank=$a
            end
            """
        let outer = try outcomes(of: cell, on: bench)
        #expect(outer.compactMap { $0["rank"] } == [1, 2])
        let inner = outer.compactMap { $0["values"]?[1]?.array?.compactMap { $0["rank"]?.string } }
        #expect(inner == [["1x", "1y", "1z"], ["2x", "2y", "2z"]])
        #expect(bench.interpreter.session.state.variables.names == ["rank"])
    }

    @Test func aMistakeInABlockInABlockSaysBothChoices() throws {
        let cell = "trial strict=yes\n  x=[7]\n  trial strict=yes\n    set seed=[1, -1]\n  end\nend"
        guard case .failed(let report) = prepared().run(cell).ending else {
            Issue.record("it went through")
            return
        }
        #expect(report.lines()[0] == "line 4      set seed=[1, -1]")
        #expect(report.lines()[1].filter { $0 == "^" }.count == 7)
        #expect(report.diagnostic.hint?.hasSuffix("(with seed=-1) (with x=7)") == true)
    }

    @Test func linesShowWhereTheBlockSaysAndAskInAnyCase() throws {
        let quiet = prepared(answer: "7")
        let outcomes = try outcomes(of: "trial\n  echo a\n  version\n  rank=?\nend", on: quiet)
        #expect(quiet.output.events == [.input("rank: ", isPassword: false)])
        #expect(outcomes[0]["rank"] == "7")
        let loud = prepared()
        loud.run("trial shows=yes\n  echo [a, b]\n  version\nend")
        #expect(loud.output.text == "a\nb\n")
        #expect(loud.output.events.count { if case .display = $0 { true } else { false } } == 2)
    }

    // MARK: - Interrupts

    /// Asks for a stop at the n-th look at the clock; nil never stops. Returns how many looks there were.
    private func stopping(at look: Int?) throws -> (bench: Bench, outcome: CellOutcome, looks: Int) {
        let looks = Mutex(0)
        let interruption = Interruption()
        var surroundings = Surroundings.local
        surroundings.now = {
            let seen = looks.withLock { looks in
                looks += 1
                return looks
            }
            if seen == look { interruption.request() }
            return 0
        }
        let bench = prepared(surroundings: surroundings)
        // The beginning is no part of what is stopped.
        bench.run(Self.beginning)
        let before = bench.fingerprint
        looks.withLock { $0 = 0 }
        interruption.clear()
        let outcome = bench.interpreter.run(
            cell: Self.cell, output: bench.output, interruption: interruption)
        #expect(bench.fingerprint.differences(from: before) == [], "stopped at \(look ?? 0)")
        #expect(bench.interpreter.session.leases.holders.isEmpty)
        return (bench, outcome, looks.withLock { $0 })
    }

    @Test func anInterruptEndsABlockAndLeavesTheSessionAsItWas() throws {
        let whole = try stopping(at: nil)
        #expect(whole.outcome.statements.map(\.status) == [.ok])
        #expect(whole.looks > 50)
        for part in 1..<12 {
            let (bench, outcome, _) = try stopping(at: whole.looks * part / 12)
            guard case .interrupted = outcome.ending else {
                Issue.record("it was not interrupted at \(part)/12")
                continue
            }
            #expect(try outcomes(of: "trial\n  lora r=[1, 2]\nend", on: bench).count == 2)
        }
    }

    // MARK: - Beside others

    @Test func aBlockHasToItselfWhatItsLinesNeed() throws {
        let bench = prepared(after: Self.beginning)
        let before = bench.fingerprint
        let outcome = try bench.run(
            Self.cell.replacing("trial", with: "trial shows=yes"),
            beside: {
                for line in [
                    "lora r=2", "load toy train=8 test=8", "train", "evaluate", "open x", "save x", "merge x",
                    "trial\n  lora r=[1, 2]\nend",
                ] {
                    let problem = bench.problem(line)
                    #expect(problem?.code == "busy", "\(line)")
                    #expect(problem?.message.contains("and trial is at work on") == true, "\(line)")
                }
                let status = try #require(bench.result("status")?.plain)
                #expect(status.contains("at work") && status.contains("trial"))
                #expect(bench.problem("trial\n  echo [a, b]\nend") == nil, "needs nothing to itself")
                #expect(bench.problem("beside=1") == nil)
                for (cell, found) in [
                    ("trial\n  lora r=4\n  lo", "lora"), ("trial\n  show class=", "positive"),
                ] {
                    let offered = bench.interpreter.complete(cell, cursor: cell.unicodeScalars.count)
                    #expect(offered.items.contains { $0.text == found })
                }
            })
        #expect(outcome?.statements.map(\.status) == [.ok])
        #expect(bench.fingerprint.differences(from: before) == ["$beside"])
        #expect(bench.interpreter.session.leases.holders.isEmpty)
    }

    @Test func besideTrainABlockIsRefusedThatNeedsTheModel() throws {
        let bench = prepared(after: Self.beginning)
        _ = try bench.run(
            "train steps=3",
            beside: {
                let problem = bench.problem(
                    "trial\n  x=1\n  trial\n    params\n    lora r=[1, 2]\n  end\nend")
                #expect(problem?.message == "trial needs the model, and train is at work on it")
                #expect(bench.problem("trial\n  params\n  x=[1, 2]\nend") == nil)
            })
    }

    /// What stands in a block is not beside it.
    @Test func aLineDoesNotSeeItsOwnBlocksAtWork() throws {
        let bench = prepared(after: "model nano")
        bench.run("trial shows=yes\n  lora r=2\n  trial shows=yes\n    lora r=3\n    status\n  end\nend")
        let shown = bench.output.events.compactMap { event -> String? in
            if case .display(let bundle, _) = event { bundle.plain } else { nil }
        }
        #expect(shown.contains { $0.contains("nano") } && !shown.contains { $0.contains("at work") })
    }
}
