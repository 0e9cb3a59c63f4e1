import Diagnostics
import Foundation
import Testing

@testable import Commands

/// `predict`: what one text is called depends on that text.
@Suite struct PredictVerbTests {
    /// Toy sentences under labels that are several tokens for the nano tokenizer.
    private static let rows =
        "text,label\n"
        + (0..<40).map { "the soup number \($0) was \($0 % 2 == 0 ? "warm,excellent" : "sour,terrible")" }
        .joined(separator: "\n")

    private func probabilities(_ bench: Bench, _ line: String) -> [[Double]] {
        (bench.run(line).statements.last?.value.array ?? []).map { row in
            (row["probabilities"]?.object ?? [:]).map { $0.value.number ?? .nan }
        }
    }

    /// A shared beginning must not swallow the token that the first word is read from.
    @Test(
        arguments: [
            "model nano-llama\nload path=FILE prompt=alpaca", "model nano-llama pooling=mean\nload path=FILE",
            "model nano-llama pooling=cls\nload path=FILE", "model nano-llama\nload path=FILE",
        ])
    func oneTextIsScoredAsBesideOthers(_ beginning: String) throws {
        let path = NSTemporaryDirectory() + "lorikeet-words-\(UInt64.random(in: 0 ... .max)).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.rows.write(toFile: path, atomically: true, encoding: .utf8)
        let bench = Bench()
        #expect(bench.problem("set times=off\n" + beginning.replacing("FILE", with: path)) == nil)
        let text = "'the soup number seven was really quite warm today'"
        let alike = "'the soup number seven was really quite warm again'"
        let alone = try #require(probabilities(bench, "predict \(text)").first)
        for others in [
            "predict \(text) 'other words'", "predict \(text) \(alike)", "predict \(text) \(text)",
        ] {
            let beside = try #require(probabilities(bench, others).first)
            #expect(beside.count == 2)
            for (one, other) in zip(alone, beside) { #expect(abs(one - other) < 1e-5, "\(others)") }
        }
    }
}
