import Diagnostics
import Testing

@testable import Commands

/// A run that does not fit is refused before it begins, with what would need less.
@Suite struct MemoryAdviceTests {
    private func refused(_ method: String, limit: String = "1k") throws -> Diagnostic {
        let bench = Bench()
        bench.run("set workers=2\nmodel nano\nload toy train=64 test=16\n\(method)\nset memory=\(limit)")
        let before = bench.fingerprint
        let problem = try #require(bench.problem("train"))
        #expect(problem.code == "no-memory" && bench.fingerprint.differences(from: before) == [])
        return problem
    }

    @Test func whatHelpsMostComesFirst() throws {
        let hint = try #require(try refused("full", limit: "8MB").hint)
        let remedies = hint.split(separator: "; ").map { $0.split(separator: " needs ").map(String.init) }
        #expect(remedies.first?.first == "lora" && remedies.allSatisfy { $0.count == 2 }, "\(hint)")
        let needs = remedies.compactMap { $0.last?.split(separator: " ").first.flatMap { Double($0) } }
        #expect(needs == needs.sorted(), "\(hint)")
    }

    @Test func theOptimizersPartIsNotTakenFirst() throws {
        let problem = try refused("full")
        #expect(problem.message.contains("at least") && problem.hint?.contains("lora trains") == true)
    }

    @Test func theSearchForARateIsRefusedToo() {
        let bench = Bench()
        bench.run("model nano\nload toy train=64 test=16\nlora r=4\nset memory=1k")
        #expect(bench.problem("lr_find")?.code == "no-memory")
    }
}
