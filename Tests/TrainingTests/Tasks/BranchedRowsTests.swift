import Learning
import TestFixtures
import Testing

@testable import Training

@Suite struct BranchedRowsTests {
    private let prompt = (0..<12).map { Int32($0) }

    private func row(_ answer: [Int32]) -> Row {
        Row(
            ids: prompt + answer.dropLast(), identity: 1,
            learned: answer.indices.map { Learned(place: prompt.count - 1 + $0, .label(Int(answer[$0]))) },
            promptCount: prompt.count)
    }

    @Test func whatRowsBeginWithStandsOnce() {
        let branched = BranchedRows([row([20, 2]), row([21, 22, 2])], for: .vocabulary, under: nil)
        #expect(branched.rows.map(\.ids) == [Array(prompt.dropLast()), [11, 20], [11, 21, 22]])
        #expect(branched.parents == [nil, 0, 0])
        #expect(branched.rows[2].learned.map(\.place) == [0, 1, 2] && branched.rows[0].learned.isEmpty)
        #expect(branched.rows[1].promptCount == 1)
        let joined = BranchedRows(joining: [branched, BranchedRows(whole: [row([9])]), branched])
        #expect(joined.parents == [nil, 0, 0, nil, nil, 4, 4])
    }

    @Test func rowsThatShareLittleStayWhole() {
        let short = [[1, 2, 3, 4], [1, 2, 3, 5]].map {
            Row(ids: $0, identity: 0, learned: [Learned(place: 3, .label(1))])
        }
        #expect(BranchedRows(short, for: .vocabulary, under: nil).parents == [nil, nil])
        #expect(BranchedRows([row([20, 2])], for: .vocabulary, under: nil).rows == [row([20, 2])])
    }

    @Test func positionsCountOnFromTheBeginning() {
        let branched = BranchedRows([row([20, 2]), row([21, 22, 2])], for: .vocabulary, under: nil)
        let layout = Layout(branched, under: nil, after: 5)
        #expect(layout.parents == [nil, 0, 0] && layout.starts == [0, 11, 13, 16])
        #expect(layout.positions == (5..<16).map { Int32($0) } + [16, 17, 16, 17, 18])
        let prompts = (0..<3).map(layout.prompt)
        #expect(prompts.map(\.count) == [17, 17, 17])
        #expect(prompts.map(\.before) == [5, 16, 16] && prompts.map(\.rows) == [0..<11, 11..<12, 13..<14])
    }
}
