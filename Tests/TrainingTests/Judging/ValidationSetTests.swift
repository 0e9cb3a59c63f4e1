import Datasets
import Diagnostics
import Testing

@testable import Training

/// Texts that a run is judged by besides, their classes those of its own data.
@Suite struct ValidationSetTests {
    private let own = Dataset(
        name: "own", columns: ["text", "label"], labels: ["negative", "positive"],
        train: [Example(text: "a", label: 0, id: 0)], validation: [Example(text: "b", label: 1, id: 1)],
        test: [Example(text: "c", label: 0, id: 2)], source: "here")

    private static let classes = [
        "same.csv": ["positive", "negative"], "alike.csv": ["Positive", "NEGATIVE"],
        "other.csv": ["pos", "neg", "rotten"], "stars.csv": ["5 stars", "1 star"], "one.csv": ["pos"],
        "validation.csv": ["positive", "negative"], "test.csv": ["positive", "negative"],
    ]

    /// Twelve rows in three parts that were carved, each class in its turn.
    private static func table(_ request: DatasetRequest) throws -> Dataset {
        let file = request.name.split(separator: "/").last.map(String.init) ?? ""
        guard let labels = classes[file] else {
            throw Diagnostic("no-file", "there is no \(request.name)")
        }
        let examples = (0..<12).map { Example(text: "text number \($0)", label: $0 % labels.count, id: $0) }
        return Dataset(
            name: String(file.dropLast(4)), columns: ["text", "label"], labels: labels,
            train: Array(examples[4...]), validation: Array(examples[..<1]), test: Array(examples[1..<4]),
            source: request.name)
    }

    private func sets(_ names: [String], _ map: [String]? = nil, of data: Dataset? = nil) throws
        -> [ValidationSet]
    {
        var judging = JudgingSettings()
        judging.sets = names.map { ValidationSetRequest($0, seed: 1) }
        judging.classNames = map
        return try ValidationSet.all(judging, of: data ?? own, loading: Self.table)
    }

    private func code(_ names: [String], _ map: [String]? = nil) -> String? {
        do { _ = try sets(names, map) } catch let problem as Diagnostic { return problem.code } catch {
            return "\(error)"
        }
        return nil
    }

    @Test func theDatasOwnPartDecidesWhateverIsNamedBesideIt() throws {
        #expect(
            try ValidationSet.all(JudgingSettings(), of: own, loading: Self.table).map(\.name) == [
                "validation"
            ])
        #expect(try sets(["test"]).map(\.name) == ["validation", "test"])
        #expect(try sets(["test", "dev"]).map(\.name) == ["validation", "test"])
        #expect(try sets(["same.csv", "validation", "test"]).map(\.name) == ["validation", "same", "test"])
        // A file that is called like it is not it.
        let files = try sets(["a/validation.csv"])
        #expect(files.map(\.name) == ["validation", "a/validation.csv"] && files.map(\.count) == [1, 12])
        var bare = own
        bare.validation = []
        #expect(try sets(["same.csv", "test"], of: bare).map(\.name) == ["same", "test"])
        #expect(try sets([], of: bare).isEmpty)
    }

    @Test func eachSetHasANameOfItsOwn() throws {
        let names = try sets(["a/same.csv", "b/same.csv", "test.csv", "test"]).map(\.name)
        #expect(names == ["validation", "a/same.csv", "b/same.csv", "test.csv", "test"])
        #expect(
            try sets(["test", "a/same.csv", "other/test.csv"]).map(\.isTest) == [false, true, false, true])
    }

    @Test func noSetIsNamedTwice() {
        func refusal(of names: String...) -> Diagnostic? {
            do { try names.map { ValidationSetRequest($0, seed: 1) }.requireDistinct() } catch {
                return error as? Diagnostic
            }
            return nil
        }
        for pair in [("a.csv", "./a.csv"), ("a.csv", "b/../a.csv"), ("validation", "dev"), ("IMDB", "imdb")] {
            let problem = refusal(of: pair.0, "test", pair.1)
            #expect(problem?.code == "two-values" && problem?.setting == "validate", "\(pair)")
            #expect(problem?.hint == "name each set once")
        }
        #expect(refusal(of: "a.csv", "b/a.csv", "test", "validation", "imdb", "./imdb") == nil)
    }

    @Test(arguments: ["same.csv", "alike.csv"]) func classesAreMatchedByName(name: String) throws {
        let set = try #require(try sets([name]).last)
        #expect(set.count == 12 && set.dataset.labels == own.labels)
        let labels = set.dataset.validation.sorted { $0.id < $1.id }.map(\.label)
        #expect(labels == (0..<12).map { $0 % 2 == 0 ? 1 : 0 })
    }

    @Test func orByAMapOfNames() throws {
        let set = try #require(
            try sets(["other.csv"], ["positive:pos", "negative:neg", "negative:rotten"]).last)
        let labels = set.dataset.validation.sorted { $0.id < $1.id }.map(\.label)
        #expect(labels == (0..<12).map { $0 % 3 == 0 ? 1 : 0 })
    }

    @Test func whatCannotBeMatchedIsRefusedByName() throws {
        #expect(code(["other.csv"]) == "other-classes")
        #expect(code(["other.csv"], ["positive:pos", "negative:neg"]) == "other-classes")
        #expect(code(["same.csv"], ["positive:good"]) == "unused-class")
        #expect(code(["same.csv"], ["good:positive"]) == "unknown-class")
        #expect(code(["same.csv"], ["positive"]) == "bad-value")
        #expect(code(["same.csv"], ["positive:x", "negative:x"]) == "bad-value")
        #expect(code(["nowhere.csv"]) != nil)
        do { _ = try sets(["other.csv"], ["positive:pos"]) } catch let problem as Diagnostic {
            #expect(problem.message.contains("neg, rotten") && problem.setting == "validate")
        }
    }

    /// With what was given, and for all sets in one go: what it says to write is taken.
    @Test(
        arguments: [
            (["other.csv"], nil, "negative:neg,negative:rotten,positive:pos"),
            (["other.csv"], ["positive:pos"], "negative:neg,negative:rotten,positive:pos"),
            (
                ["same.csv", "other.csv", "stars.csv"], ["positive:pos"],
                "'negative:5 stars,negative:neg,negative:rotten,positive:1 star,positive:pos'"
            ),
        ] as [([String], [String]?, String)])
    func theWholeMapIsShownAtOnce(names: [String], given: [String]?, wanted: String) throws {
        let problem = #expect(throws: Diagnostic.self) { try sets(names, given) }
        #expect(
            problem?.hint?.contains("write validate.map=\(wanted) (ours first") == true,
            "\(problem?.hint ?? "")")
        let map = wanted.filter { $0 != "'" }.split(separator: ",").map(String.init)
        #expect(code(names, map) == nil)
    }

    @Test func oneClassAloneIsJudged() throws {
        let set = try #require(try sets(["one.csv"], ["positive:pos"]).last)
        #expect(set.count == 12 && set.dataset.labels == own.labels)
        #expect(set.dataset.validation.allSatisfy { $0.label == 1 })
    }
}
