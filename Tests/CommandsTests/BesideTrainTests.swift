import Diagnostics
import Foundation
import Language
import Testing

@testable import Commands

/// What every verb does in a subshell while `train` is at work, and that the training never notices.
@Suite struct BesideTrainTests {
    enum Verdict: String { case allowed, refused }

    struct Trial: Sendable, CustomTestStringConvertible {
        let verb: String
        let cell: String
        let verdict: Verdict
        var testDescription: String { "\(cell): \(verdict.rawValue)" }

        init(_ cell: String, _ verdict: Verdict, of verb: String? = nil) {
            self.cell = cell
            self.verdict = verdict
            self.verb = verb ?? cell.split(separator: " ").first.map(String.init) ?? ""
        }
    }

    /// Whole for every verb; `FOLDER` stands for a new folder, `SAVED` for one with an adapter.
    static let table = [
        Trial("model nano", .refused), Trial("params", .allowed), Trial("freeze norms", .refused),
        Trial("unfreeze norms", .refused), Trial("use best", .refused),
        Trial("load toy train=8 test=8", .refused),
        Trial("show", .allowed), Trial("show tokens", .allowed),
        Trial("show prompt", .allowed), Trial("show batch n=2", .allowed), Trial("describe", .allowed),
        Trial("show wrong", .refused), Trial("show top_losses", .refused),
        Trial("show best", .refused),
        Trial("full last=1", .refused), Trial("last", .refused), Trial("head", .refused),
        Trial("bitfit", .refused), Trial("norms", .refused), Trial("hft", .refused),
        Trial("lora r=2", .refused),
        Trial("ia3", .refused), Trial("vera", .refused), Trial("prompt_tuning", .refused),
        Trial("prefix_tuning", .refused), Trial("reft", .refused), Trial("train steps=1", .refused),
        Trial("resume", .refused), Trial("lr_find steps=20", .refused),
        Trial("runs", .allowed),
        Trial("generate 'a good day'", .refused), Trial("chat 'a good day'", .refused),
        Trial("label with=nano-llama", .refused), Trial("judge with=nano-llama", .refused),
        Trial("evaluate", .refused), Trial("perplexity", .refused), Trial("dpo", .refused),
        Trial("confusion", .refused), Trial("predict 'a good day'", .refused),
        Trial("evaluate of=base", .refused), Trial("baseline", .allowed),
        Trial("compare baseline run-1", .allowed),
        Trial("plot loss", .allowed), Trial("plot confusion", .allowed), Trial("plot lengths", .allowed),
        Trial("table classes", .allowed), Trial("table epochs", .allowed), Trial("save FOLDER", .refused),
        Trial("open SAVED", .refused), Trial("combine SAVED SAVED to=FOLDER", .refused),
        Trial("merge FOLDER", .refused), Trial("export gguf to=FOLDER", .refused),
        Trial("help train", .allowed),
        Trial("status", .allowed), Trial("set", .allowed), Trial("set seed=9 workers=1", .allowed),
        Trial("reset", .refused), Trial("reset variables", .allowed), Trial("reset settings", .allowed),
        Trial("echo $kept", .allowed), Trial("sleep 0", .allowed), Trial("clear", .allowed),
        Trial("version", .allowed), Trial("kept=2", .allowed, of: "="), Trial("$kept", .allowed, of: "$"),
    ]

    @Test func theTableIsWhole() {
        let named = Set(Self.table.map(\.verb))
        for verb in CommandRegistry.commands.map(\.declaration.verb) {
            #expect(named.contains(verb), "what does \(verb) do beside train?")
        }
    }

    private static let train = "train steps=6 batch=8 seed=3"

    /// Tuned and judged once, so that there is something to show.
    private static func prepared() -> Bench {
        let bench = Bench()
        bench.run(
            "model nano\nload toy train=64 test=16\nlora r=4 dropout=0.1\ntrain steps=2\nevaluate\nbaseline\nkept=1"
        )
        return bench
    }

    private static let undisturbed: SessionFingerprint = {
        let bench = prepared()
        bench.run(train)
        return bench.fingerprint
    }()

    @Test(arguments: table) func trainingDoesNotNotice(_ trial: Trial) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let bench = Self.prepared()
        bench.run("save \(folder)/saved")
        let cell = trial.cell.replacing("FOLDER", with: "\(folder)/new").replacing(
            "SAVED", with: "\(folder)/saved")
        let outcome = bench.run(
            Self.train,
            beside: {
                let before = bench.fingerprint
                let problem = bench.problem(cell)
                switch trial.verdict {
                case .allowed: #expect(problem == nil)
                case .refused:
                    #expect(problem?.code == "busy")
                    #expect(problem?.message.contains("train") == true && problem?.hint != nil)
                    #expect(bench.fingerprint.differences(from: before) == [])
                }
            },
            after: {
                guard trial.verdict == .allowed, let problem = bench.problem(cell) else { return }
                // Training ends at some moment, and with it the evaluation of the weights before.
                #expect(problem.code == "no-evaluation")
            })
        #expect(outcome?.statements.map(\.status) == [.ok])
        #expect(bench.fingerprint.weights == Self.undisturbed.weights)
        #expect(bench.fingerprint.facts["run"] == Self.undisturbed.facts["run"])
        #expect(bench.fingerprint.facts["data"] == Self.undisturbed.facts["data"])
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/new"))
    }

    /// Verbs that look see the session as it was when training began.
    @Test func whatLooksSeesOneMoment() throws {
        let bench = Bench()
        bench.run("model nano\nload toy train=32 test=16")
        let params = bench.result("params")?.plain
        _ = try bench.run(
            "train steps=4",
            beside: {
                #expect(bench.result("params")?.plain == params)
                #expect(bench.result("status")?.plain.contains("at work") == true)
                #expect(bench.problem("plot loss")?.code == "no-run")
            })
        #expect(bench.result("params")?.plain != params)
        #expect(bench.result("status")?.plain.contains("at work") == false)
        #expect(bench.result("plot loss") != nil)
    }

    /// Completion, inspection and expressions, which front ends ask for at any time.
    @Test func questionsAreAnsweredBesideTrain() throws {
        let bench = Self.prepared()
        let ask = {
            let interpreter = bench.interpreter
            #expect(interpreter.complete("lora targets=qu", cursor: 15).items.map(\.text) == ["query"])
            #expect(interpreter.complete("show class=", cursor: 11).items.map(\.text).contains("positive"))
            #expect(interpreter.inspect("train epochs=2", cursor: 8, detail: 1) != nil)
            #expect(throws: Never.self) { try interpreter.evaluate(expression: "loss").get() }
            #expect(throws: Never.self) { try interpreter.evaluate(expression: "$kept").get() }
            #expect(interpreter.completeness(of: "train epochs=2") == .complete)
        }
        _ = bench.run(Self.train, beside: ask, after: ask)
        #expect(bench.fingerprint.weights == Self.undisturbed.weights)
    }
}
