import Datasets
import System
import Testing
import Tokenizers

@testable import Training

/// Masks are drawn as Transformers' collator draws them, as far as frequencies tell.
@Suite struct MaskDrawTests {
    private static func draw(_ change: (inout Masking) -> Void = { _ in }) -> MaskDraw {
        var masking = Masking()
        change(&masking)
        return MaskDraw(masking, mask: 0, vocabulary: 61, special: WordNumbers().special)
    }

    private static let ids: [Int32] = [1] + (0..<200).map { 3 + Int32($0 * 7 % 58) } + [2]

    /// Rows of so many seeds.
    private static func rows(_ count: Int, _ draw: MaskDraw) -> [Row] {
        (0..<count).map { draw.row(ids, by: CounterRandom(seed: UInt64($0), purpose: "test")) }
    }

    @Test func sharesAreThoseThatWereAskedFor() {
        let rows = Self.rows(200, Self.draw())
        let learned = rows.flatMap { row in row.learned.map { (row.ids[$0.place], Self.ids[$0.place]) } }
        let places = 200.0 * 200
        // Five standard deviations.
        #expect(abs(Double(learned.count) - 0.15 * places) < 5 * (0.15 * 0.85 * places).squareRoot())
        let count = Double(learned.count)
        let masked = Double(learned.count { $0.0 == 0 })
        let kept = Double(learned.count { $0.0 == $0.1 })
        #expect(abs(masked - 0.8 * count) < 5 * (0.16 * count).squareRoot() + count / 600)
        #expect(abs(kept - 0.1 * count) < 5 * (0.09 * count).squareRoot() + count / 600)
        let swapped = Set(learned.filter { $0.0 != 0 && $0.0 != $0.1 }.map(\.0))
        #expect(swapped.count > 50 && swapped.allSatisfy { (0..<61).contains($0) })
    }

    @Test func specialTokensAreNeverMasked() {
        for row in Self.rows(40, Self.draw { $0.share = 1 }) {
            #expect(row.learned.map(\.place) == Array(1..<201))
            #expect(row.ids[0] == 1 && row.ids[201] == 2)
        }
    }

    @Test func otherSharesAreKeptTo() {
        let rows = Self.rows(5, Self.draw { ($0.share, $0.masked, $0.swapped) = (0.5, 1, 0) })
        #expect(rows.allSatisfy { row in row.learned.allSatisfy { row.ids[$0.place] == 0 } })
        let kept = Self.rows(5, Self.draw { ($0.share, $0.masked, $0.swapped) = (0.5, 0, 0) })
        #expect(kept.allSatisfy { $0.ids == Self.ids && $0.learned.count > 60 })
    }

    @Test func targetsAreTheWordsThatStoodThere() {
        let draw = Self.draw()
        for row in Self.rows(20, draw) {
            #expect(row.learned.allSatisfy { $0.target == .label(Int(Self.ids[$0.place])) })
            #expect(draw.restored(row) == Self.ids)
        }
    }

    @Test func somethingIsLearnedOfEveryTextThatHasAWord() {
        let draw = Self.draw { $0.share = 0.01 }
        for seed in UInt64(0)..<50 {
            let row = draw.row([1, 9, 14, 2], by: CounterRandom(seed: seed, purpose: "test"))
            #expect(row.learned.count == 1 && (1...2).contains(row.learned[0].place))
        }
        #expect(draw.row([1, 2], by: CounterRandom(seed: 1, purpose: "test")).learned.isEmpty)
    }

    @Test func eachWordHasARowOfItsOwn() {
        let rows = Self.draw().rowsOfEach([1, 9, 14, 2])
        #expect(rows.map(\.ids) == [[1, 0, 14, 2], [1, 9, 0, 2]])
        #expect(rows.map { $0.learned.map(\.target) } == [[.label(9)], [.label(14)]])
    }
}
