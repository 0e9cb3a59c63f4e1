import Datasets
import Diagnostics
import Foundation
import TestFixtures
import Testing

@testable import Training

/// TF-IDF with logistic regression beside scikit-learn's, which `Tests/Golden/make_baseline.py` computed.
@Suite struct TextBaselineTests {
    struct Golden: Decodable {
        struct Row: Decodable {
            let text: String
            let label: Int
        }
        struct Case: Decodable {
            let classes: Int
            let ngrams: [Int]
            let least: Double
            let strength: Double
            let terms: Int
            let probabilities: [[Double]]
        }
        let train: [Row]
        let test: [Row]
        let cases: [Case]

        static func read() throws -> Golden {
            let file = GoldenFiles.folder.appending(path: "baseline.json")
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        }
    }

    private static func dataset(_ golden: Golden, classes: Int) -> Dataset {
        func examples(_ rows: [Golden.Row]) -> [Example] {
            rows.filter { $0.label < classes }.enumerated().map { index, row in
                Example(text: row.text, label: row.label, id: index)
            }
        }
        return Dataset(
            name: "made up", columns: ["text", "label"], textColumn: "text", labelColumn: "label",
            labels: Array(["sport", "music", "food"].prefix(classes)), train: examples(golden.train),
            test: examples(golden.test), source: "here")
    }

    private static func settings(_ way: Golden.Case) -> TextBaseline.Settings {
        TextBaseline.Settings(
            orders: way.ngrams[0]...way.ngrams[1],
            least: way.least < 1 ? .share(way.least) : .count(Int(way.least)), strength: way.strength)
    }

    @Test(arguments: 0..<5) func probabilitiesAreScikitLearns(_ index: Int) throws {
        let golden = try Golden.read()
        let way = golden.cases[index]
        let dataset = Self.dataset(golden, classes: way.classes)
        let settings = Self.settings(way)
        let (weights, rows) = try TermWeights.fitted(
            to: dataset.train.map(\.text), orders: settings.orders, least: settings.least,
            interruption: Interruption())
        #expect(weights.count == way.terms)
        let regression = try LogisticRegression(
            rows, labels: dataset.train.compactMap(\.label), classes: way.classes, strength: way.strength,
            interruption: Interruption())
        #expect(regression.isConverged)
        let found = regression.logProbabilities(
            try weights.rows(dataset.test.map(\.text), interruption: Interruption()))
        for (own, known) in zip(found, way.probabilities) {
            for (own, known) in zip(own, known) { #expect(abs(exp(own) - known) < 1e-4) }
        }
        #expect(found.count == way.probabilities.count)
    }

    @Test func aBaselineIsJudgedAsAModelIs() throws {
        let golden = try Golden.read()
        let dataset = Self.dataset(golden, classes: 3)
        let baseline = try TextBaseline(
            of: dataset, on: .test, TextBaseline.Settings(), interruption: Interruption())
        let right = zip(golden.test, golden.cases[2].probabilities).count { row, probabilities in
            probabilities.firstIndex(of: probabilities.max() ?? 0) == row.label
        }
        #expect(baseline.linear.matrix.accuracy == Double(right) / 32)
        #expect(baseline.linear.texts.map(\.index) == Array(0..<32))
        #expect(baseline.learned == 120 && baseline.terms == golden.cases[2].terms)
        // 40 training texts of each class: one is named always, as sure as chance.
        #expect(abs(baseline.commonest.loss - log(3)) < 1e-6)
        #expect(baseline.commonest.onlyAnswer != nil)
    }

    @Test func validationAndTestChangeNothingOfWhatIsLearned() throws {
        var dataset = Self.dataset(try Golden.read(), classes: 3)
        let before = try TextBaseline(
            of: dataset, on: .test, TextBaseline.Settings(), interruption: Interruption())
        dataset.validation = (0..<50).map {
            Example(text: "match soup song \($0)", label: $0 % 3, id: 1000 + $0)
        }
        let after = try TextBaseline(
            of: dataset, on: .test, TextBaseline.Settings(), interruption: Interruption())
        #expect(after.linear.metrics == before.linear.metrics && after.terms == before.terms)
    }

    @Test func aClassWithoutTrainingTextsIsNeverNamed() throws {
        var dataset = Self.dataset(try Golden.read(), classes: 3)
        dataset.train.removeAll { $0.label == 1 }
        let baseline = try TextBaseline(
            of: dataset, on: .test, TextBaseline.Settings(), interruption: Interruption())
        #expect(baseline.linear.matrix.predicted(1) == 0)
        #expect(baseline.linear.loss.isFinite && baseline.commonest.loss.isFinite)
        dataset.train.removeAll { $0.label == 2 }
        let problem = #expect(throws: Diagnostic.self) {
            try TextBaseline(of: dataset, on: .test, TextBaseline.Settings(), interruption: Interruption())
        }
        #expect(problem?.code == "single-class")
    }

    @Test func whatCannotBeLearnedOrJudgedIsSaid() throws {
        let dataset = Self.dataset(try Golden.read(), classes: 3)
        func problem(_ split: Split, _ settings: TextBaseline.Settings) -> String? {
            #expect(throws: Diagnostic.self) {
                try TextBaseline(of: dataset, on: split, settings, interruption: Interruption())
            }?.code
        }
        #expect(problem(.validation, TextBaseline.Settings()) == "no-examples")
        #expect(problem(.test, TextBaseline.Settings(least: .count(500))) == "no-terms")
        let stopped = Interruption()
        stopped.request()
        #expect(throws: Interrupted.self) {
            try TextBaseline(of: dataset, on: .test, TextBaseline.Settings(), interruption: stopped)
        }
    }

    @Test func wordsAreThoseOfItsPattern() {
        func words(_ text: String) -> [String] {
            TermNumbers.words(of: text).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(words("It's a GOOD-one, x_y 3 42!") == ["it", "good", "one", "x_y", "42"])
        #expect(words("Straße ΣΟΦΟΣ é ½½ 犬が") == ["straße", "σοφος", "½½", "犬が"])
        #expect(words("cafe\u{301}s") == ["cafe"])
        #expect(words("") == [])
    }
}
