import TestScratch
import Testing

@testable import Commands

/// What is added up for a step weighs as in one batch, also where answers have unequal many tokens.
@Suite struct AccumulationTests: RunBenches {
    let folder = freshRunsFolder()

    @Test(arguments: ["batch=4 accumulate=2", "batch=2 accumulate=4", "batch=1 accumulate=8"])
    func aStepOfSeveralBatchesIsThatOfOne(_ asked: String) throws {
        let scratch = try Scratch()
        let rows = (0..<24).map { number in
            let answer = Array(repeating: "a bird", count: 1 + number % 7).joined(separator: " ")
            return #"{"instruction":"say \#(number)","output":"\#(answer)","split":"train"}"#
        }
        let path = try scratch.file("requests.jsonl", rows.joined(separator: "\n") + "\n")
        func trained(_ asked: String) -> [UInt64] {
            let bench = bench()
            bench.run(
                "model nano-llama\nload path=\(path) prompt=alpaca\nfull\ntrain epochs=2 save_every=0 \(asked)"
            )
            return outcome(bench)
        }
        let whole = trained("batch=8")
        try #require(whole.count > 1000)
        #expect(trained(asked) == whole)
    }
}
