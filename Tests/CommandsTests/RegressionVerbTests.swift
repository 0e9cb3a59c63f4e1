import Diagnostics
import Display
import Foundation
import JSON
import TestScratch
import Testing
import Training

@testable import Commands

/// A number in place of a class, from `load value=` to `resume`.
@Suite struct RegressionVerbTests: RunBenches {
    let folder = freshRunsFolder()
    private let scratch: Scratch
    private let path: String

    private static let scores = [("superb", 5.0), ("warm", 4.0), ("dull", 2.0), ("awful", 1.0)]

    /// Sentences whose last word says how good they are.
    init() throws {
        scratch = try Scratch()
        let rows = (0..<96).map { number in
            let (word, score) = Self.scores[number % 4]
            return "the soup number \(number) was \(word),\(score + Double(number % 3) / 10),\(number % 2)"
        }
        path = try scratch.file("scores.csv", (["text,score,kind"] + rows).joined(separator: "\n") + "\n")
    }

    private func load(_ more: String = "") -> String {
        "set times=off\nload \(path) value=score train=60 validation=12 test=24 \(more)"
    }

    private func tuned(_ model: String = "nano", _ train: String = "train epochs=6") -> Bench {
        let bench = bench()
        #expect(bench.problem("model \(model)\n\(load())\n\(train)") == nil)
        return bench
    }

    private func value(_ bench: Bench, _ line: String) throws -> JSON {
        try #require(bench.run(line).statements.last?.value, "\(line)")
    }

    @Test(arguments: ["nano", "nano-llama"]) func numbersAreLearnedAndJudged(model: String) throws {
        let bench = tuned(model, "train epochs=20 lr=2e-3 lr.head=2e-2 batch=4")
        let found = try value(bench, "evaluate")
        let (pearson, mse) = (found["pearson"]?.number ?? 0, found["mse"]?.number ?? .infinity)
        #expect(pearson > 0.8 && mse < 0.5 * (found["baseline"]?.number ?? 0), "\(found)")
        #expect(found["loss"] == found["mse"] && found["n"] == 24)
        #expect(abs((found["r2"]?.number ?? 0) - (1 - mse / (found["baseline"]?.number ?? 1))) < 1e-9)
        let interval = found["pearson_interval"]?.array?.compactMap(\.number) ?? []
        #expect(interval.count == 2 && interval[0] <= pearson && pearson <= interval[1])
        let plain = try #require(bench.result("evaluate")).plain
        for word in ["Pearson", "Spearman", "MSE", "MAE", "R²", "MSE of the mean", "24 numbers"] {
            #expect(plain.contains(word), "\(word)")
        }
        #expect(bench.interpreter.session.state.metrics["pearson"]?.number == pearson)
    }

    @Test func whatWasNotTrainedSaysSo() throws {
        let bench = bench()
        #expect(bench.problem("model nano\n\(load())") == nil)
        for line in ["evaluate", "predict 'the soup was warm'"] {
            let shown = try #require(bench.result(line)).plain
            #expect(shown.contains("the head has not been trained"), "\(line)")
        }
        #expect(try #require(bench.result("status")).plain.contains("pearson on test"))
        // Zeros throughout are no better than the mean.
        bench.run("train steps=1 lr=1e-9")
        let said = "no nearer than always answering the mean"
        #expect(try #require(bench.result("evaluate")).plain.contains(said))
    }

    @Test func textsGetNumbersAlsoInAFile() throws {
        let bench = tuned()
        let rows = try value(bench, "predict 'the soup was superb' 'the soup was awful'")
        let numbers = rows.array?.compactMap { $0["value"]?.number } ?? []
        #expect(numbers.count == 2 && numbers[0] > numbers[1])
        let to = "\(scratch.path)/answers.csv"
        #expect(bench.problem("predict file=\(path) to=\(to)") == nil)
        let lines = try String(contentsOfFile: to, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 97 && lines[0] == "text,answer")
        #expect(lines[1].split(separator: ",").last.flatMap { Double($0) } != nil)
    }

    @Test func theLargestErrorsComeFirst() throws {
        let bench = tuned()
        let wrong = try #require(try value(bench, "show wrong n=1000").array)
        let errors = wrong.compactMap { $0["error"]?.number.map(abs) }
        #expect(errors.count == 24 && errors == errors.sorted(by: >))
        for row in wrong {
            let (answer, truth) = (row["answer"]?.number ?? 0, row["true"]?.number ?? 0)
            #expect(abs(answer - truth - (row["error"]?.number ?? .infinity)) < 1e-6)
        }
        let loss = try value(bench, "evaluate")["loss"]?.number ?? 0
        #expect(abs(wrong.compactMap { $0["loss"]?.number }.reduce(0, +) / 24 - loss) < 1e-9)
        #expect(try value(bench, "show top_losses n=1000").array == wrong)
        #expect(try value(bench, "show best n=1000").array?.first == wrong.last)
        let plain = try #require(bench.result("show wrong")).plain
        #expect(plain.contains("Largest error first") && plain.contains("19 more: show wrong n=24"))
        #expect(bench.problem("show wrong class=good")?.code == "unknown-class")
    }

    @Test(arguments: [("lora r=4", "save"), ("full", "save"), ("lora r=4", "merge")])
    func whatIsSavedGivesTheSameNumbersElsewhere(method: String, verb: String) throws {
        let bench = tuned("nano", "\(method)\ntrain epochs=2")
        let text = "predict 'the soup was superb'"
        let before = try value(bench, text)[0]?["value"]?.number ?? .nan
        #expect(bench.problem("\(verb) \(scratch.path)/kept") == nil)
        let other = Bench()
        #expect(other.problem("model nano\nopen \(scratch.path)/kept") == nil)
        #expect(abs((try value(other, text)[0]?["value"]?.number ?? 9) - before) < 1e-5)
        // Numbers keep the head, classes begin another.
        #expect(other.problem(load()) == nil)
        #expect(abs((try value(other, text)[0]?["value"]?.number ?? 9) - before) < 1e-5)
        #expect(try !#require(other.result("evaluate")).plain.contains("has not been trained"))
        let classes = try #require(other.result("load toy train=32 test=8")).plain
        #expect(classes.contains("gives a number and is let go"))
        #expect(try #require(other.result("evaluate")).plain.contains("has not been trained"))
        #expect(other.problem("open \(scratch.path)/kept")?.code == "wrong-labels")
    }

    @Test func aRunIsFinishedElsewhereToTheBit() {
        let cell =
            "model nano\nload \(path) value=score train=60 validation=12 test=24\nlora r=2 dropout=0.1\n"
            + "train epochs=3 batch=10 lr=1e-3 by=spearman save_steps=1 as=mine"
        let whole = bench()
        whole.run(cell.replacing("as=mine", with: "as=whole"))
        stop(bench(), cell, at: "7/18")
        let other = bench()
        #expect(other.problem("resume mine") == nil)
        #expect(outcome(other) == outcome(whole) && !outcome(other).isEmpty)
        #expect(other.problem("evaluate\nuse best\nevaluate") == nil)
    }

    @Test func aFigureOfNumbersDecides() throws {
        let bench = tuned("nano", "train epochs=3 by=mae keep=best")
        let run = try #require(bench.interpreter.session.state.engine.run)
        #expect(run.best?.figure == "mae")
        let values = run.lines.compactMap { line in
            line.validation?.metrics.figures.first { $0.name == "mae" }?.value
        }
        #expect(run.best?.value == values.min() && values.count == 4)
        for figure in ["pearson", "spearman", "mse", "r2"] {
            #expect(bench.problem("train steps=1 by=\(figure)") == nil, "\(figure)")
        }
        #expect(bench.problem("train by=accuracy")?.code == "no-figure")
        #expect(bench.problem("load toy train=32 validation=8\ntrain by=pearson")?.code == "no-figure")
    }

    @Test func pairsGetNumbers() throws {
        let rows = (0..<48).map { number in
            "the soup \(number),the \(number % 2 == 0 ? "soup" : "train") \(number),\(number % 2 * 4 + 1)"
        }
        let pairs = try scratch.file("pairs.csv", (["a,b,score"] + rows).joined(separator: "\n") + "\n")
        let bench = bench()
        #expect(
            bench.problem("model nano\nload \(pairs) text=a pair=b value=score test=8\ntrain epochs=8") == nil
        )
        let found = try value(bench, "predict 'the soup 3' 'the train 3' 'the soup 4' 'the soup 4'")
        let numbers = found.array?.compactMap { $0["value"]?.number } ?? []
        #expect(numbers.count == 2 && numbers[0] > numbers[1])
        #expect(found[0]?["pair"] == "the train 3")
    }

    @Test func otherDataAreJudgedByTheColumnOfThatName() throws {
        let bench = tuned()
        let rows = (0..<20).map { "the song \($0) was \(Self.scores[$0 % 4].0),\(Self.scores[$0 % 4].1)" }
        let other = try scratch.file("other.csv", (["text,score"] + rows).joined(separator: "\n") + "\n")
        let found = try value(bench, "evaluate data=\(other)")
        #expect(found["n"] == 20 && found["pearson"]?.number ?? 0 > 0.5)
        #expect(bench.problem("train steps=1 validate=\(other)") == nil)
        let bare = try scratch.file("bare.csv", rows.map { $0 + "\n" }.joined())
        #expect(bench.problem("evaluate data=\(bare)")?.code == "missing-column")
    }

    @Test func beforeAndAfterAreCompared() throws {
        let bench = tuned()
        let found = try value(bench, "evaluate of=base,run-1")
        #expect(found["first"] == "base" && found["n"] == 24 && found["mcnemar"] == nil)
        let mse = found["figures"]?["mse"]
        #expect((mse?["difference"]?["value"]?.number ?? 0) < 0 && mse?["p"]?.number ?? 1 < 0.05)
        let plain = try #require(bench.result("compare base run-1")).plain
        #expect(plain.contains("95% and p: by drawing texts") && !plain.contains("McNemar"))
    }

    @Test func whatNeedsClassesOrTextsIsRefusedByName() throws {
        let bench = tuned("nano-llama", "train steps=1")
        for (line, code) in [
            ("confusion", "no-classes"), ("table classes", "no-classes"), ("baseline", "no-classes"),
            ("perplexity", "no-texts"), ("dpo", "no-preferences"), ("train loss=focal", "bad-value"),
            ("train samples=2", "no-samples"), ("train class_weights=balanced", "bad-value"),
            ("plot calibration", "no-probabilities"),
            ("load \(path) value=score label=kind", "two-answers"),
            ("load \(path) value=score prompt=alpaca", "unused-prompt"),
            ("load \(path) value=nothing", "missing-column"),
            ("load \(path) text=text value=text", "same-column"),
            ("load toy value=label", "no-rows"),
        ] {
            bench.run("evaluate")
            let found = bench.problem(line)
            #expect(found?.code == code, "\(line): \(found.map { "\($0)" } ?? "nothing")")
        }
    }

    @Test func whatIsReadOfATextSaysItsNumber() throws {
        let bench = tuned("nano", "train steps=1")
        #expect(try #require(bench.result("show prompt")).plain.contains("head of one number"))
        #expect(try value(bench, "show prompt")[0]?["answer"]?.string?.isEmpty == false)
        #expect(try #require(bench.result("show n=2")).plain.contains("number"))
        #expect(try #require(bench.result("describe")).plain.contains("highest"))
    }
}
