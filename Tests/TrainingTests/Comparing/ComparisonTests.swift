import Datasets
import Diagnostics
import Foundation
import TestFixtures
import Testing

@testable import Training

@Suite struct ComparisonTests {
    struct Golden: Decodable {
        let first: Int
        let second: Int
        let exact: Double
        let chiSquare: Double
    }

    @Test func mcNemarsProbabilitiesAreStatsmodels() throws {
        let file = GoldenFiles.folder.appending(path: "mcnemar.json")
        let golden = try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
        #expect(golden.count == 10)
        for known in golden {
            let test = McNemar(onlyFirst: known.first, onlySecond: known.second)
            #expect(abs(test.exact - known.exact) < 1e-9, "\(test): \(test.exact)")
            #expect(abs(test.approximate - known.chiSquare) < 1e-9, "\(test): \(test.approximate)")
        }
        #expect(McNemar(onlyFirst: 0, onlySecond: 0).exact == 1)
        #expect(McNemar(onlyFirst: 0, onlySecond: 0).approximate == 1)
    }

    private static let dataset = Dataset(
        name: "made up", columns: ["text", "label"], labels: ["no", "yes"],
        test: (0..<400).map { Example(text: "text \($0)", label: $0 % 2, id: $0) }, source: "here")

    /// Wrong on every text whose number is divisible by one of these.
    private static func evaluation(
        _ name: String, wrongBy divisors: [Int], of dataset: Dataset = dataset
    ) -> NamedEvaluation {
        let answers = dataset.test.enumerated().map { number, example in
            let truth = example.label ?? 0
            let isWrong = divisors.contains { number.isMultiple(of: $0) }
            let sure: Float = 0.6 + Float(number % 7) / 20
            var values = [log(1 - sure), log(1 - sure)]
            values[isWrong ? 1 - truth : truth] = log(sure)
            return Answer(number: number, values: values, truth: .label(truth))
        }
        let result = EvaluationResult(
            dataset, .test, answers: answers, places: Array(answers.indices), seconds: 0)
        return NamedEvaluation(name, result, of: dataset)
    }

    private static func compared(seed: UInt64 = 1, _ first: [Int], _ second: [Int]) throws -> Comparison {
        try Comparison(
            evaluation("a", wrongBy: first), evaluation("b", wrongBy: second), seed: seed,
            interruption: Interruption())
    }

    /// 58 of 400 wrong by 7, 80 by 5, 12 by both: 46 and 68 alone, and a difference of -0.055 with a standard error of
    /// √((46 + 68) / 400 - 0.055²) / 20 = 0.02655.
    @Test func aDifferenceHasThePairedInterval() throws {
        let comparison = try Self.compared([7], [5])
        #expect(comparison.mcNemar == McNemar(onlyFirst: 68, onlySecond: 46))
        let accuracy = comparison.figures[0]
        #expect(accuracy.name == "accuracy")
        #expect(abs(accuracy.first.value - 0.855) < 1e-12 && abs(accuracy.second.value - 0.8) < 1e-12)
        #expect(abs(accuracy.difference.value + 0.055) < 1e-12)
        #expect(abs(accuracy.difference.interval.lowerBound - (-0.055 - 1.96 * 0.02655)) < 0.008)
        #expect(abs(accuracy.difference.interval.upperBound - (-0.055 + 1.96 * 0.02655)) < 0.008)
        #expect(accuracy.p == comparison.mcNemar?.exact)
        #expect(accuracy.first.interval == comparison.first.result.matrix.accuracyInterval)
        let loss = try #require(comparison.figures.first { $0.name == "loss" })
        #expect(loss.isLowerBetter && loss.difference.value > 0 && loss.p < 0.1)
    }

    @Test func whatIsTheSameIsNoBetter() throws {
        let comparison = try Self.compared([7], [7])
        for figure in comparison.figures {
            #expect(figure.difference.value == 0 && figure.difference.interval == 0...0 && figure.p == 1)
        }
    }

    @Test func whatIsMuchBetterIsSoInEveryDraw() throws {
        let comparison = try Self.compared([2], [50])
        #expect(comparison.figures.allSatisfy { $0.p <= 0.002 })
        #expect(comparison.figures[0].difference.interval.lowerBound > 0.35)
    }

    @Test func theSeedDecidesWhatIsDrawn() throws {
        let figures = try Self.compared([7], [5]).figures
        #expect(try Self.compared([7], [5]).figures == figures)
        #expect(try Self.compared(seed: 2, [7], [5]).figures != figures)
    }

    /// Numbers are drawn in pairs too: what is off by as much on every text as another and by 0.3 besides is worse in
    /// every draw.
    @Test func numbersAreComparedByTheSameDraws() throws {
        var dataset = Self.dataset
        dataset.labels = []
        dataset.roles = [.text: "text", .value: "score"]
        for index in dataset.test.indices { dataset.test[index].value = Float(index % 10) }
        func evaluation(_ name: String, off: Float) -> NamedEvaluation {
            var result = EvaluationResult(
                data: "made up", split: .test, metrics: Metrics(count: 400, loss: 0, figures: []), seconds: 0)
            result.values = dataset.test.indices.map { index in
                let truth = Float(index % 10)
                let answer = truth + Float(index % 7) / 7 + off
                return JudgedValue(index: index, truth: truth, answer: answer, tokens: 1, cut: 0)
            }
            return NamedEvaluation(name, result, of: dataset)
        }
        let comparison = try Comparison(
            evaluation("a", off: 0), evaluation("b", off: 0.3), seed: 1, interruption: Interruption())
        #expect(comparison.mcNemar == nil && comparison.count == 400)
        #expect(comparison.figures.map(\.name) == ["pearson", "spearman", "mse", "mae"])
        let (pearson, mse) = (comparison.figures[0], comparison.figures[2])
        #expect(abs(pearson.difference.value) < 1e-6 && pearson.difference.interval.upperBound < 1e-6)
        #expect(mse.isLowerBetter && mse.difference.interval.lowerBound > 0 && mse.p <= 0.002)
        #expect(!mse.isShare && mse.first.interval.contains(mse.first.value))
        var other = dataset
        other.test[0].value = 5
        let elsewhere = NamedEvaluation("b", evaluation("b", off: 0).result, of: other)
        let problem = #expect(throws: Diagnostic.self) {
            try Comparison(evaluation("a", off: 0), elsewhere, seed: 1, interruption: Interruption())
        }
        #expect(problem?.code == "other-texts")
    }

    @Test func otherTextsAreRefused() throws {
        var other = Self.dataset
        other.test[3].text = "another text"
        let problem = try #require(throws: Diagnostic.self) {
            try Comparison(
                Self.evaluation("a", wrongBy: [7]), Self.evaluation("b", wrongBy: [7], of: other), seed: 1,
                interruption: Interruption())
        }
        #expect(problem.code == "other-texts")
        #expect(problem.message.contains("a was judged") && problem.message.contains("b on"))
    }

    @Test func theLastOfTheSameTextsAreTaken() {
        var other = Self.dataset
        other.test.removeLast()
        var all: [NamedEvaluation] = []
        all.keep(Self.evaluation("a", wrongBy: [7]))
        all.keep(Self.evaluation("a", wrongBy: [5]))
        all.keep(Self.evaluation("b", wrongBy: [3]))
        all.keep(Self.evaluation("a", wrongBy: [2], of: other))
        #expect(all.map(\.name) == ["a", "b", "a"])
        #expect(all.last(of: ["a", "b"])?.map(\.result.matrix.accuracy) == [0.8, 1 - 134.0 / 400])
        #expect(all.last(of: ["b", "a"])?.count == 2)
        #expect(all.last(of: ["a", "c"]) == nil)
        all.keep(Self.evaluation("c", wrongBy: [2], of: other))
        #expect(all.last(of: ["b", "c"]) == nil)
        #expect(all.last(of: ["c", "a"])?.count == 2)
    }
}
