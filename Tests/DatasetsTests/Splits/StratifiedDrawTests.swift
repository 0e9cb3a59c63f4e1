import Datasets
import System
import TestScratch
import Testing

@Suite struct StratifiedDrawTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// 600 rows, a third of them positive, every tenth text repeated once.
    private func path() throws -> String {
        var lines = ["text,label"]
        for index in 0..<600 {
            lines.append("text number \(index % 10 == 9 ? index - 1 : index),\(index / 2 % 3 / 2)")
        }
        return try scratch.file("d.csv", lines.joined(separator: "\n"))
    }

    @Test func partsAreDisjointInRowsAndTexts() throws {
        let dataset = try scratch.load(.init(path: try path()))
        let parts = Split.allCases.map { dataset[$0] }
        #expect(parts.map(\.count) == [420, 60, 120])
        let texts = parts.map { Set($0.map(\.text)) }
        #expect(texts[0].isDisjoint(with: texts[1]))
        #expect(texts[0].isDisjoint(with: texts[2]))
        #expect(texts[1].isDisjoint(with: texts[2]))
        #expect(Set(parts.joined().map(\.id)).count == 600)
    }

    @Test func everyPartKeepsTheProportions() throws {
        let dataset = try scratch.load(.init(path: try path(), train: 300, validation: 60, test: 90))
        #expect(dataset.counts(in: .train) == [200, 100])
        #expect(dataset.counts(in: .validation) == [40, 20])
        #expect(dataset.counts(in: .test) == [60, 30])
    }

    @Test func theSameSeedGivesTheSameRows() throws {
        let path = try path()
        let first = try scratch.load(.init(path: path, train: 50, seed: 7))
        #expect(try scratch.load(.init(path: path, train: 50, seed: 7)).train == first.train)
        #expect(try scratch.load(.init(path: path, train: 50, seed: 8)).train != first.train)
    }

    @Test func aSmallerTrainingSetIsAPrefixAndTheTestPartStays() throws {
        let path = try path()
        let sets = try [20, 50, 150, 400].map {
            try scratch.load(.init(path: path, train: .count($0), test: 100))
        }
        for (small, large) in zip(sets, sets.dropFirst()) {
            #expect(large.train.starts(with: small.train))
            #expect(large.test == small.test)
        }
    }

    @Test func anotherTestSizeLeavesTheTrainingRowsAlone() throws {
        let path = try path()
        let small = try scratch.load(.init(path: path, train: 100, test: 50))
        let large = try scratch.load(.init(path: path, train: 100, test: 200))
        #expect(small.train == large.train)
    }

    @Test func sharesAreTakenOfWhatIsThere() throws {
        let dataset = try scratch.load(.init(path: try path(), train: .share(0.5), test: .share(0.25)))
        #expect(dataset.train.count == 300)
        #expect(dataset.test.count == 150)
        // Nobody said how many to watch by.
        #expect(dataset.validation.count == 75)
    }

    @Test(arguments: [
        (20, 50, 20), (150, 50, 100), (300, 50, 100), (400, 100, 50), (500, 100, 0),
    ])
    func whatIsWatchedComesFromWhatTrainingAndTestLeave(train: Int, test: Int, watched: Int) throws {
        let path = try path()
        let request = DatasetRequest(path: path, train: .count(train), test: .count(test))
        let dataset = try scratch.load(request)
        #expect(dataset.validation.count == watched)
        var without = request
        without.validation = 0
        let bare = try scratch.load(without)
        #expect(bare.validation.isEmpty && bare.train == dataset.train && bare.test == dataset.test)
    }

    @Test func withoutASizeATenthOfTheTrainingRowsIsWatched() throws {
        let dataset = try scratch.load(.init(path: try path(), test: 100))
        #expect(Split.allCases.map { dataset[$0].count } == [450, 50, 100])
    }

    @Test func balancingCutsToTheSmallestClass() throws {
        let dataset = try scratch.load(.init(path: try path(), isBalanced: true))
        #expect(Split.allCases.reduce(0) { $0 + dataset[$1].count } == 400)
        #expect(dataset.counts(in: .train) == [140, 140])
        #expect(dataset.notes.contains { $0.contains("200 of each class kept, 200 rows dropped") })
    }

    @Test(arguments: [Amount.count(601), .count(.max), .share(3)])
    func moreThanThereIsIsADiagnostic(amount: Amount) throws {
        let path = try path()
        #expect(code { try scratch.load(.init(path: path, train: amount, test: 0)) } == "too-few-rows")
        #expect(code { try scratch.load(.init(path: path, test: amount)) } == "too-few-rows")
    }

    @Test(arguments: [Amount.count(-5), .share(.nan), .share(-1), .share(-.infinity)])
    func oddAmountsDoNoHarm(amount: Amount) throws {
        let path = try path()
        _ = code { try scratch.load(.init(path: path, train: amount, test: 10)) }
    }

    @Test func whatWasCarvedIsSaid() throws {
        let notes = try scratch.load(.init(path: try path(), train: 100, test: 50)).notes.joined(
            separator: "\n")
        #expect(
            notes.contains(
                "validation and test carved out of the 600 training rows: disjoint and stratified by class, seed 42"
            ))
        #expect(notes.contains("60 rows repeat an earlier text"))
        #expect(notes.contains("rows not used: 350 of train"))
    }

    @Test func randomNumbersAreFixedForEver() {
        let random = CounterRandom(drawing: "split", seed: 42)
        #expect("lorikeet".stableHash == 0xBDF1_32AB_6AD3_3120)
        #expect(random[0] == 0xE315_076C_00C8_770E)
        #expect(random[0] != CounterRandom(drawing: "balance", seed: 42)[0])
        #expect((0..<1000).allSatisfy { (0..<7).contains(random.index($0, below: 7)) })
    }
}
