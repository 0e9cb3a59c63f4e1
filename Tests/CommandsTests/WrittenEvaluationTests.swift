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
}
