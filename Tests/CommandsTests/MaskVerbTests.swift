import Display
import Foundation
import JSON
import TestScratch
import Testing
import Training

@testable import Commands

/// An encoder that learns texts themselves: what each verb makes of it.
@Suite struct MaskVerbTests {
    private static let start =
        "set times=off workers=2\nmodel nano\nload toy train=48 test=16 validation=16 label=none\n"

    private func value(_ cell: String, _ bench: Bench = Bench()) -> JSON? {
        bench.run(cell).statements.last?.value
    }

    @Test func trainingMakesMaskedWordsMoreProbable() throws {
        let bench = Bench()
        let before = try #require(value(Self.start + "evaluate", bench))
        let after = try #require(value("full\ntrain epochs=6 lr=2e-3\nevaluate", bench))
        for value in [before, after] {
            let loss = try #require(value["loss"]?.number)
            let perplexity = try #require(value["perplexity"]?.number)
            #expect(abs(perplexity - exp(loss)) < 1e-6 * perplexity)
            let share = try #require(value["accuracy"]?.number)
            #expect((0...1).contains(share))
            #expect(value["n"]?.integer == 16)
        }
        let (first, last) = (before["loss"]?.number ?? 0, after["loss"]?.number ?? .infinity)
        #expect(last < 0.8 * first)
        #expect(before["tokens"] == after["tokens"], "the same words are masked each time")
        let again = try #require(value("evaluate", bench))
        #expect(again["loss"] == after["loss"])
    }

    @Test func anyNumberOfWorkersTrainsTheSame() throws {
        func loss(_ workers: Int) throws -> JSON {
            let cell = Self.start + "set workers=\(workers)\nlora r=2\ntrain epochs=2 lr=5e-3\nevaluate"
            return try #require(value(cell)?["loss"])
        }
        #expect(try loss(1) == loss(3))
    }

    @Test(arguments: [
        "lora", "full", "last n=1", "bitfit", "norms", "ia3", "prompt_tuning tokens=3",
        "prefix_tuning tokens=3", "reft", "vera", "hft",
    ])
    func everyMethodLearnsIt(method: String) throws {
        let bench = Bench()
        #expect(bench.problem(Self.start + method + "\ntrain steps=2\nevaluate") == nil)
        #expect(bench.problem("generate 'the soup' max_tokens=4\npredict 'the [MASK] was lovely'") == nil)
    }

    @Test func theShareOfMasksIsAKeyOfLoad() throws {
        let bench = Bench()
        let few = try #require(value(Self.start + "evaluate", bench)?["tokens"]?.integer)
        let many = try #require(
            value("load toy train=48 test=16 validation=16 label=none mlm_probability=0.6\nevaluate", bench)?[
                "tokens"]?
                .integer)
        #expect(many > 2 * few)
        #expect(bench.problem("load toy mask=0.2")?.code == "unused-key")
        #expect(bench.problem("load toy label=none mask_replace=0.9 mask_random=0.3")?.code == "bad-value")
        let decoder = bench.problem("model nano-llama\nload toy label=none mask=0.2\ntrain steps=1")
        #expect(decoder?.code == "unused-key")
    }

    // MARK: - Shown

    @Test func theBatchShowsWhatIsMaskedAndWhatIsReadThere() throws {
        let bench = Bench()
        let rows = try #require(value(Self.start + "show batch n=6", bench)?.array)
        #expect(rows.count == 6)
        let tokens = rows.flatMap { $0["tokens"]?.array ?? [] }
        let masked = tokens.filter { $0["state"]?.string == "masked" }
        #expect(!masked.isEmpty && masked.allSatisfy { $0["reads"]?.string == "[MASK]" })
        #expect(masked.allSatisfy { $0["text"]?.string != "[MASK]" })
        let bundle = try #require(bench.result("show batch n=6"))
        #expect(
            bundle.plain.contains("masked")
                && bundle.data[MimeType.html]?.string?.contains("to be filled in") == true)
        // The next epoch's masks are others; the same run's are the same.
        #expect(value("show batch n=6", bench)?.array == rows)
    }

    @Test func masksOfATextAreFilledInWithTheLikeliestWords() throws {
        let bench = Bench()
        let found = try #require(
            value("set times=off\nmodel nano\npredict 'the [MASK] was [MASK]'", bench)?.array?.first)
        let masks = try #require(found["masks"]?.array)
        #expect(masks.count == 2 && masks.allSatisfy { $0.array?.count == 5 })
        let chances = masks.compactMap { $0.array?.compactMap { $0["probability"]?.number } }
        #expect(chances.allSatisfy { $0 == $0.sorted(by: >) && $0.reduce(0, +) <= 1 })
        #expect(found["filled"]?.string?.contains("[MASK]") == false)
        let bundle = try #require(bench.result("predict 'the [MASK] <b>was [MASK]'"))
        #expect(bundle.plain.contains("mask 2 of 2"))
        #expect(bundle.data[MimeType.html]?.string?.contains("<b>was") == false)
        #expect(bench.problem(Self.start + "predict 'the soup'")?.code == "no-mask")
        #expect(bench.problem("predict 'the [MASK]' to=a.csv")?.code == "unused-key")
    }

    @Test func wordsOfADecoderHaveNoMasks() {
        let bench = Bench()
        bench.run("model nano-llama\nload toy train=16 test=8 label=none")
        #expect(bench.problem("predict 'the soup'")?.code == "no-classes")
    }

    // MARK: - Written

    @Test func anEncoderWritesAndSaysWhatItIs() throws {
        let bench = Bench()
        let written = try #require(
            value(
                "set times=off\nmodel nano\ngenerate 'the soup' order=likeliest rounds=1 max_tokens=5", bench)
        )
        #expect(written["filled_masks"]?["order"]?.string == "likeliest")
        #expect(written["filled_masks"]?["rounds"]?.integer == 1)
        #expect(written["texts"]?.array?.count == 1)
        let bundle = try #require(bench.result("generate 'the soup' max_tokens=5"))
        #expect(bundle.plain.contains("does not write from left to right"))
        let drawn = "generate 'the soup' temperature=2 n=2 max_tokens=5 seed="
        #expect(value(drawn + "1", bench) == value(drawn + "1", bench))
        #expect(value(drawn + "1", bench) != value(drawn + "2", bench))
    }

    @Test func keysOfAnEncoderAreRefusedBesideAWriter() {
        let bench = Bench()
        #expect(bench.problem("model nano-llama\ngenerate 'a' order=left max_tokens=2")?.code == "unused-key")
        #expect(bench.problem("generate 'a' rounds=2 max_tokens=2")?.code == "unused-key")
    }

    @Test func perplexityOfAnEncoderMasksEachWord() throws {
        let bench = Bench()
        let found = try #require(value(Self.start + "perplexity", bench))
        let judged = try #require(value("evaluate", bench))
        #expect(found["pseudo_perplexity"]?.number != nil)
        #expect((found["tokens"]?.integer ?? 0) > 3 * (judged["tokens"]?.integer ?? .max / 4))
        #expect(bench.problem("perplexity stride=8")?.code == "unused-stride")
    }

    // MARK: - Without a head

    /// A tiny encoder whose files have no head, as all-MiniLM's.
    private static func bare(_ folder: Scratch) throws -> String {
        let place = folder.path + "/whole"
        let bench = Bench()
        bench.run("set times=off\nmodel nano\nload toy train=16 test=8\nfull\ntrain steps=1\nsave \(place)")
        return place
    }

    @Test func aHeadIsMadeTrainedSavedAndOpened() throws {
        let scratch = try Scratch()
        let place = try Self.bare(scratch)
        let bench = Bench()
        let start = "set times=off workers=2\nmodel \(place)\n"
        #expect(bench.problem(start + "generate 'the soup' max_tokens=3")?.code == "no-language-head")
        let texts = "load toy train=32 test=16 label=none\n"
        let loss = try #require(
            value(texts + "lora r=2\ntrain steps=4 lr=5e-3\nevaluate", bench)?["loss"]?.number)
        let written = try #require(value("generate 'the soup' max_tokens=4", bench)?["texts"])
        #expect(bench.problem("save \(scratch.path)/adapter\nmerge \(scratch.path)/merged") == nil)

        let opened = Bench()
        let again = start + "open \(scratch.path)/adapter\n"
        #expect(value(again + "generate 'the soup' max_tokens=4", opened)?["texts"] == written)
        let judged = try #require(value(texts + "evaluate", opened)?["loss"]?.number)
        #expect(abs(judged - loss) < 1e-5 * loss)

        let merged = Bench()
        let whole = "set times=off workers=2\nmodel \(scratch.path)/merged\n"
        let found = try #require(value(whole + texts + "evaluate", merged)?["loss"]?.number)
        #expect(abs(found - loss) < 1e-4 * loss)
        #expect(merged.problem("generate 'the soup' max_tokens=4") == nil)
    }

    /// What was learned by filling masks in stays beneath a classifier.
    @Test func aClassifierGoesOnFromIt() throws {
        let bench = Bench()
        let cell = Self.start + "full\ntrain steps=4\nload toy train=48 test=16\ntrain steps=4\nevaluate"
        #expect(value(cell, bench)?["accuracy"]?.number != nil)
    }
}
