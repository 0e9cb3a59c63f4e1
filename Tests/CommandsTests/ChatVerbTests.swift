import Datasets
import Foundation
import Testing

@testable import Commands

/// `chat`: what was said before stays, until somebody begins anew.
@Suite struct ChatVerbTests {
    private static let settings = "prompt=chatml max_tokens=3"

    private func dialogue(_ bench: Bench) -> [Turn]? { bench.interpreter.session.state.engine.dialogue }

    @Test func whatWasSaidStays() throws {
        let bench = Bench()
        bench.run("model nano-llama\nchat 'a bird' \(Self.settings)\nchat 'a fish' \(Self.settings)")
        let turns = try #require(dialogue(bench))
        #expect(turns.map(\.role) == [.user, .assistant, .user, .assistant])
        #expect(turns[0].content == "a bird" && turns[2].content == "a fish")
        let alone = Bench()
        alone.run("model nano-llama\nchat 'a bird' \(Self.settings)")
        #expect(dialogue(alone) == Array(turns[..<2]))
    }

    @Test(arguments: ["chat reset", "model nano-llama"])
    func aDialogueIsForgotten(_ cell: String) {
        let bench = Bench()
        bench.run("model nano-llama\nchat 'a bird' \(Self.settings)")
        #expect(dialogue(bench)?.count == 2)
        bench.run(cell)
        #expect(dialogue(bench) == nil)
    }

    @Test func aSystemTurnBeginsAnew() throws {
        let bench = Bench()
        bench.run("model nano-llama\nchat 'a bird' \(Self.settings)")
        bench.run("chat 'a fish' system='be short' \(Self.settings)")
        let turns = try #require(dialogue(bench))
        #expect(turns.map(\.role) == [.system, .user, .assistant] && turns[0].content == "be short")
    }
}
