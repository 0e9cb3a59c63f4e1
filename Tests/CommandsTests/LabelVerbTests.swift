import Datasets
import Foundation
import JSON
import TestScratch
import Testing

@testable import Commands
@testable import Training

/// A language model that says which class texts are of.
@Suite struct LabelVerbTests {
    private static let tuned = """
        model nano-llama
        load toy train=400 validation=40 test=60 prompt=plain
        full
        train epochs=20 lr=1e-3
        """

    @Test func whatIsLabelledIsWhatFollowsWorksWith() throws {
        let scratch = try Scratch()
        let path = "\(scratch.path)/labels.csv"
        let bench = Bench()
        try #require(bench.problem(Self.tuned) == nil)
        let before = try #require(bench.interpreter.session.state.engine.data).dataset
        let value = try #require(bench.run("label max_tokens=4 to=\(path)").statements.last?.value)
        let asked = try #require(value["asked"]?.integer)
        let labelled = try #require(value["labelled"]?.integer)
        #expect(asked == 440 && labelled > 400)
        #expect(try #require(value["agreement"]?.number) > 0.9)
        let after = try #require(bench.interpreter.session.state.engine.data).dataset
        #expect(after.train.count + after.validation.count == labelled)
        #expect(after.test == before.test, "what is judged by has the classes that are known")
        let truth = Dictionary(uniqueKeysWithValues: before.train.map { ($0.id, $0.label) })
        #expect(
            after.train.allSatisfy { example in
                example.fields["gold"] == truth[example.id].flatMap { $0 }.map { before.labels[$0] }
            })
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.first == "text,label,gold,answer,split" && lines.count == labelled + 1)
        #expect(bench.problem("train steps=1\nevaluate") == nil)
    }

    /// The advice names the classes, and an answer stands there to see why.
    @Test func answersThatNameNoClassChangeNothing() throws {
        let bench = Bench()
        try #require(bench.problem("model nano-llama\nload toy train=16 test=8") == nil)
        let problem = try #require(bench.problem("label max_tokens=1"))
        #expect(problem.code == "no-labels" && problem.message.contains("its first answer is"))
        #expect(
            problem.hint
                == "write instruction= that asks for one of negative, positive, or another prompt=")
        let dataset = try #require(bench.interpreter.session.state.engine.data).dataset
        #expect(dataset.train.count == 16 && !dataset.columns.contains("gold"))
    }
}
