import Foundation
import JSON
import TestScratch
import Testing

@testable import Commands
@testable import Training

/// `evaluate metrics=`: what a model writes is what `generate` would write, judged by what is known.
@Suite struct WrittenEvaluationTests {
    private func ready(_ scratch: Scratch, answers: [String]) throws -> String {
        let rows = answers.enumerated().map {
            #"{"instruction":"say what it is","input":"\#($0)","output":"\#($1)","split":"test"}"#
        }
        let train = #"{"instruction":"say","input":"x","output":"a song","split":"train"}"#
        let path = try scratch.file("requests.jsonl", ([train] + rows).joined(separator: "\n") + "\n")
        return "model nano-llama\nload path=\(path) prompt=alpaca\n"
    }

    @Test func whatIsWrittenIsWhatGenerateWrites() throws {
        let scratch = try Scratch()
        let start = try ready(scratch, answers: ["a bird", "a fish", "a tree"])
        let bench = Bench()
        let value = try #require(
            bench.run(start + "evaluate metrics=exact_match,bleu max_tokens=5").statements.last?.value)
        let answers = try #require(value["answers"]?.array)
        #expect(answers.count == 3 && value["perplexity"]?.number != nil)
        for answer in answers {
            let index = try #require(answer["index"]?.integer)
            let alone = bench.run("generate 'say what it is' input='\(index)' max_tokens=5")
            let text = alone.statements.last?.value["texts"]?.array?.first?["answer"]?.string
            #expect(
                text?.trimmingCharacters(in: .whitespacesAndNewlines)
                    == answer["text"]?.string?.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    @Test func textsThatAreTheirReferencesAreRight() throws {
        let scratch = try Scratch()
        let first = try ready(scratch, answers: ["a", "b"])
        let cell = "evaluate metrics=exact_match_strict,bleu,ter max_tokens=6"
        let written = try #require(Bench().run(first + cell).statements.last?.value["answers"]?.array)
        let texts = written.compactMap { $0["text"]?.string }
        try #require(texts.count == 2 && texts.allSatisfy { !$0.contains("\"") && !$0.contains("\\") })
        let second = try ready(scratch, answers: texts)
        let value = try #require(Bench().run(second + cell).statements.last?.value)
        #expect(value["exact_match_strict"]?.number == 1 && value["ter"]?.number == 0)
    }

    @Test func fieldsOfJSONAreJudgedOneByOne() throws {
        let scratch = try Scratch()
        let answers = [#"{\"name\": \"lamp\", \"price\": 3}"#, #"{\"name\": \"coat\"}"#]
        let start = try ready(scratch, answers: answers)
        let value = try #require(
            Bench().run(start + "evaluate metrics=json_fields,json_valid max_tokens=3").statements.last?.value
        )
        for name in ["json_fields", "json_field.name", "json_field.price", "json_valid"] {
            #expect(value[name]?.number == 0, "a model of random weights writes no \(name)")
        }
    }

    /// Their figures stand beside each other, and of other texts none do.
    @Test func evaluationsOfTextsStandBesideEachOther() throws {
        let scratch = try Scratch()
        let bench = Bench()
        bench.run(try ready(scratch, answers: ["a bird", "a fish"]) + "full\ntrain steps=2 save_every=0")
        let value = try #require(bench.run("evaluate of=base,last").statements.last?.value.array)
        #expect(value.map { $0["name"]?.string } == ["base", "last"])
        let perplexities = value.compactMap { $0["perplexity"]?.number }
        #expect(perplexities.count == 2 && perplexities[0] != perplexities[1])
        let other = try Scratch()
        bench.run("evaluate as=here")
        bench.run(
            try ready(other, answers: ["a tree", "a stone"]).replacing("model nano-llama\n", with: "")
                + "evaluate as=there")
        #expect(bench.problem("compare here there")?.code == "other-texts")
    }
}
