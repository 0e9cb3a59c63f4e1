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
        "other.csv": ["pos", "neg", "rotten"],
    ]

    /// Twelve rows in three parts that were carved, each class in its turn.
    private static func table(_ request: DatasetRequest) throws -> Dataset {
        guard let labels = classes[request.name] else {
            throw Diagnostic("no-file", "there is no \(request.name)")
        }
        let examples = (0..<12).map { Example(text: "text number \($0)", label: $0 % labels.count, id: $0) }
        return Dataset(
            name: String(request.name.dropLast(4)), columns: ["text", "label"], labels: labels,
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

    @Test func theDatasOwnPartDecidesUnlessAnotherIsNamedBeforeIt() throws {
        #expect(
            try ValidationSet.all(JudgingSettings(), of: own, loading: Self.table).map(\.name) == [
                "validation"
            ])
        #expect(try sets(["test"]).map(\.name) == ["validation", "test"])
        #expect(try sets(["test", "dev"]).map(\.name) == ["test", "validation"])
        var bare = own
        bare.validation = []
        #expect(try sets(["same.csv", "test"], of: bare).map(\.name) == ["same", "test"])
        #expect(try sets([], of: bare).isEmpty)
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
}
