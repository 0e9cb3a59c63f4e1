import Diagnostics
import Testing

@testable import Training

@Suite struct WrittenTextJudgeTests {
    private static let pairs: [(String, [String])] = (0..<60).map { index in
        let words = ["a", "cat", "sat", "on", "the", "mat", "again", "\(index % 7)"]
        let text = words.enumerated().filter { ($0.offset * 5 + index) % (3 + index % 4) > 0 }.map(\.element)
        return (text.joined(separator: " "), [words.joined(separator: " ")])
    }

    private func judge(_ numbers: [Int]) -> WrittenTextJudge {
        var judge = WrittenTextJudge([BLEU(), ChrF(wordOrder: 2), ROUGE(.subsequence)])
        for number in numbers {
            judge.add(Self.pairs[number].0, references: Self.pairs[number].1, numbered: number)
        }
        return judge
    }

    @Test func figuresAreThoseOfTheWholeCorpusWithItsIntervals() throws {
        let figures = try judge(Array(0..<60)).figures(seed: 3, interruption: Interruption())
        #expect(figures.map(\.name) == ["bleu", "chrf++", "rougeL"])
        let whole = BLEU().score(Self.pairs.map(\.0), references: Self.pairs.map(\.1))
        #expect(figures[0].value == whole)
        for figure in figures {
            let interval = try #require(figure.interval)
            #expect(interval.contains(figure.value) && interval.lowerBound < interval.upperBound)
        }
    }

    @Test func whoJudgedWhichTextsInWhichOrderChangesNothing() throws {
        let whole = try judge(Array(0..<60)).metrics(loss: 1, seed: 3, interruption: Interruption())
        var parts = judge([7, 59, 3])
        parts.merge(judge((0..<60).filter { ![7, 59, 3].contains($0) }.reversed()))
        #expect(try parts.metrics(loss: 1, seed: 3, interruption: Interruption()) == whole)
        #expect(try parts.metrics(loss: 1, seed: 4, interruption: Interruption()) != whole)
        #expect(parts.texts.map(\.text) == Self.pairs.map(\.0))
    }

    @Test func oneTextHasAnIntervalOfItself() throws {
        let figure = try judge([1]).figures(seed: 0, interruption: Interruption())[1]
        #expect(figure.interval == figure.value...figure.value)
    }

    @Test func nothingJudgedIsNothing() throws {
        let metrics = try judge([]).metrics(loss: 0, seed: 0, interruption: Interruption())
        #expect(metrics.count == 0)
        #expect(metrics.figures.allSatisfy { $0.value == 0 && $0.interval == nil })
    }

    @Test func itCanBeInterrupted() {
        let interruption = Interruption()
        interruption.request()
        #expect(throws: (any Error).self) { try judge([1, 2]).figures(seed: 0, interruption: interruption) }
    }
}
