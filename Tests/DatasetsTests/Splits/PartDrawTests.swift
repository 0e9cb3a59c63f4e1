import Datasets
import System
import TestScratch
import Testing

/// Small random data sets with texts that are repeated, also under other classes.
@Suite struct PartDrawTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func table(_ rows: [(text: Int, label: Int)]) -> String {
        "text,label\n" + rows.map { "text number \($0.text),c\($0.label)\n" }.joined()
    }

    private func texts(_ dataset: Dataset, _ split: Split) -> Set<String> { Set(dataset[split].map(\.text)) }

    private func expectDisjoint(_ dataset: Dataset, _ place: String) {
        let parts = Split.allCases.map { texts(dataset, $0) }
        #expect(parts[0].isDisjoint(with: parts[1]), "\(place)")
        #expect(parts[0].isDisjoint(with: parts[2]), "\(place)")
        #expect(parts[1].isDisjoint(with: parts[2]), "\(place)")
    }

    @Test func equalTextsWithDifferentLabelsStayTogetherAndNoRowIsLost() throws {
        let path = try scratch.file("d.csv", table((0..<28).map { ($0 % 9, $0 / 9 % 2) }))
        for seed in 0..<24 {
            let dataset = try scratch.load(.init(path: path, seed: UInt64(seed)))
            expectDisjoint(dataset, "seed \(seed)")
            let ids = Split.allCases.flatMap { dataset[$0].map(\.id) }
            #expect(ids.sorted() == Array(0..<28), "seed \(seed)")
            #expect(
                dataset.notes.contains { $0.contains("9 texts stand under more than one class (28 rows)") })
        }
    }

    @Test(arguments: 0..<60) func partsAreDisjointAndWholeWhateverIsRepeated(trial: Int) throws {
        let random = CounterRandom(drawing: "parts", seed: UInt64(trial))
        let count = 4 + random.index(0, below: 60)
        let distinct = 1 + random.index(1, below: count)
        let labels = 2 + random.index(2, below: 3)
        let rows = (0..<count).map { row in
            (
                text: random.index(10 + 2 * row, below: distinct),
                label: row < labels ? row : random.index(11 + 2 * row, below: labels)
            )
        }
        let path = try scratch.file("d.csv", table(rows))
        let largest = Dictionary(grouping: rows, by: \.text).values.map(\.count).max() ?? 1
        for seed in [1, 2] as [UInt64] {
            let dataset = try scratch.load(.init(path: path, seed: seed))
            expectDisjoint(dataset, "trial \(trial)")
            #expect(Split.allCases.flatMap { dataset[$0].map(\.id) }.sorted() == Array(0..<count))
            #expect(!dataset.train.isEmpty)
            #expect(abs(dataset.test.count - (count - max(1, count * 7 / 10) - count / 10)) <= largest)
            let again = try scratch.load(.init(path: path, seed: seed))
            #expect(Split.allCases.allSatisfy { again[$0] == dataset[$0] })
            let wanted = (train: 1 + count / 3, validation: count / 5, test: count / 4)
            let asked = DatasetRequest(
                path: path, train: .count(wanted.train), validation: .count(wanted.validation),
                test: .count(wanted.test), seed: seed)
            guard code(of: { try scratch.load(asked) }) != "too-few-rows" else {
                #expect(largest > 1, "without repeats every size is possible")
                continue
            }
            let sized = try scratch.load(asked)
            expectDisjoint(sized, "trial \(trial), sizes given")
            #expect(sized.train.count == wanted.train)
            for (split, size) in [(Split.validation, wanted.validation), (.test, wanted.test)] {
                #expect(abs(sized[split].count - size) <= (largest > 1 ? largest : 0))
                let isSaid = sized.notes.contains { $0.contains("\(split) has \(sized[split].count) row") }
                #expect(isSaid || sized[split].count == size)
            }
        }
    }

    @Test func oneRowIsForLearning() throws {
        let dataset = try scratch.load(.init(path: try scratch.file("d.csv", "text\none text alone\n")))
        #expect(Split.allCases.map { dataset[$0].count } == [1, 0, 0])
    }

    @Test func declaredPartsThatShareTextsSaySo() throws {
        let rows = { (range: Range<Int>) in "text,label\n" + range.map { "text \($0),\($0 % 2)\n" }.joined() }
        _ = try scratch.file("set/train.csv", rows(0..<20))
        _ = try scratch.file("set/validation.csv", rows(15..<25))
        _ = try scratch.file("set/test.csv", rows(18..<30))
        let dataset = try scratch.load(.init(path: "\(scratch.path)/set"))
        #expect(Split.allCases.map { dataset[$0].count } == [20, 10, 12])
        let notes = dataset.notes.joined(separator: "\n")
        #expect(notes.contains("5 rows of validation also stand in train"))
        #expect(notes.contains("2 rows of test also stand in train"))
        #expect(notes.contains("7 rows of test also stand in validation"))
    }

    @Test func aPartThatLacksAClassSaysSo() throws {
        let path = try scratch.file(
            "d.csv", table((0..<20).map { ($0, $0 == 0 ? 2 : $0 % 2) }))
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.notes.contains { $0.contains("has no row of 1 of the 3 classes: 'c2'") })
    }
}
