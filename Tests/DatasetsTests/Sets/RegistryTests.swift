import Diagnostics
import TestScratch
import Testing

@testable import Datasets

@Suite struct RegistryTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func namesAreDistinctAndSummed() {
        let names = DatasetRegistry.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(DatasetRegistry.all.allSatisfy { !$0.summary.isEmpty })
    }

    @Test(arguments: DatasetRegistry.all.filter(\.needsPath).map(\.name))
    func whatNeedsAPathSaysSo(name: String) {
        #expect(code { try scratch.load(.init(name: name)) } == "no-path")
    }

    @Test(arguments: DatasetRegistry.all.filter(\.needsPath).map(\.name))
    func aPathToNothingIsADiagnostic(name: String) {
        #expect(code { try scratch.load(.init(name: name, path: "/nonexistent/file.csv")) } == "no-file")
    }

    @Test func anUnknownNameIsCorrected() {
        #expect {
            try scratch.load(.init(name: "imbd"))
        } throws: { "\($0)".contains("did you mean imdb?") }
    }

    @Test func toyNeedsNothingAndFollowsItsRule() throws {
        let dataset = try scratch.load(.init(name: "toy"))
        #expect([dataset.train, dataset.validation, dataset.test].map(\.count) == [700, 100, 200])
        let pleasant = [
            "bright", "charming", "cheerful", "delightful", "lovely", "splendid", "superb", "warm",
        ]
        for example in dataset.train {
            let hasPleasant = pleasant.contains { example.text.contains($0) }
            #expect(hasPleasant == (example.label == 1))
        }
    }

    @Test func toyMakesAsManyAsAreAskedFor() throws {
        let dataset = try scratch.load(.init(name: "toy", train: 5000, test: 1000))
        #expect(dataset.train.count == 5000)
        #expect(Set((dataset.train + dataset.test).map(\.text)).count == 6000)
    }

    @Test func aMissingColumnNamesThoseThatAreThere() throws {
        let path = try scratch.file("d.csv", "review,stars\nfine film,5\nbad film,1\n")
        #expect {
            try scratch.load(.init(path: path, textColumn: "revew"))
        } throws: {
            "\($0)".contains("'review', 'stars'") && "\($0)".contains("did you mean text=review?")
        }
    }

    @Test func columnsCanBeNamed() throws {
        let path = try scratch.file(
            "d.csv", "first,second,kind\n" + (0..<10).map { "left \($0),right \($0),\($0 % 2)\n" }.joined())
        let dataset = try scratch.load(
            .init(path: path, textColumn: "first", pairColumn: "second", labelColumn: "KIND"))
        #expect(dataset.labelColumn == "kind")
        #expect(dataset.train.allSatisfy { $0.pair?.hasPrefix("right") == true && $0.fields.isEmpty })
    }

    @Test func numbersAsClassesStandInTheirOrder() throws {
        let path = try scratch.file(
            "d.csv", "text,label\n" + (0..<24).map { "text \($0),\($0 % 12)\n" }.joined())
        #expect(try scratch.load(.init(path: path, test: 2)).labels == (0..<12).map(String.init))
    }

    @Test func anInterruptionStopsLoading() throws {
        let path = try scratch.file(
            "d.csv", "text,label\n" + (0..<5000).map { "text \($0),\($0 % 2)\n" }.joined())
        let interruption = Interruption()
        interruption.request()
        #expect(throws: Interrupted.self) {
            try DatasetRegistry.load(
                .init(path: path), in: scratch.fetching(interruption: interruption))
        }
    }

    @Test func aBareNameIsAPathWhereNoDataSetHasIt() {
        func placed(_ name: String, there: Bool = true) -> (path: String?, isSaid: Bool) {
            let (request, remarks) = DatasetRegistry.placed(.init(name: name)) { _ in there }
            return (request.path, remarks.contains { $0.text.contains("load ./\(name) reads that") })
        }
        #expect(placed("folder") == ("folder", false))
        #expect(placed("~") == ("~", false))
        #expect(placed("folder", there: false) == (nil, false))
        #expect(placed("reviews.csv", there: false) == ("reviews.csv", false))
        #expect(placed("toy") == (nil, true))
        #expect(placed("toy", there: false) == (nil, false))
    }

    @Test(arguments: [
        ("reviews.csv", "reviews"), ("data/my.reviews.jsonl.gz", "my.reviews"), ("folder", "folder"),
        ("/", "/"),
        ("v1.2", "v1.2"), (".csv", ".csv"), ("../x/folder/", "folder"),
    ])
    func aFileIsCalledByItsName(path: String, name: String) {
        #expect(TableFile.stem(of: path) == name)
    }

    @Test func aLoadedFileHasItsName() throws {
        let path = try scratch.file(
            "reviews.csv", "text,label\n" + (0..<8).map { "text \($0),\($0 % 2)\n" }.joined())
        #expect(try scratch.load(.init(path: path)).name == "reviews")
        #expect(try scratch.load(.init(name: "toy")).name == "toy")
    }

    @Test func aSetThatReadsNoFileRefusesAPath() {
        #expect(code { try scratch.load(.init(name: "toy", path: "x.csv")) } == "unused-path")
    }
}
