import Compute
import Foundation
import JSON
import Learning
import TestFixtures
import Testing

@testable import Training

/// Figures of numbers beside scipy's and scikit-learn's, which `Tests/Golden/make_regression.py` computed.
@Suite struct ValueFiguresTests {
    private struct Golden: Decodable {
        let truths, answers: [Double]
        let pearson, spearman, mse, mae, r2, baseline: Double
    }

    private static func golden() throws -> [Golden] {
        let file = GoldenFiles.folder.appending(path: "value-figures.json")
        return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
    }

    @Test func everyFigureIsTheReferences() throws {
        let all = try Self.golden()
        #expect(all.count == 4)
        for one in all {
            let found = ValuePairs(answers: one.answers, truths: one.truths).figures()
            let pairs: [(Double?, Double)] = [
                (found.pearson, one.pearson), (found.spearman, one.spearman),
                (found.meanSquaredError, one.mse), (found.meanAbsoluteError, one.mae),
                (found.determination, one.r2), (found.meanBaseline, one.baseline),
            ]
            for (own, wanted) in pairs { #expect(abs((own ?? .nan) - wanted) < 1e-9) }
        }
    }

    /// Also where numbers are equal, which share a rank.
    @Test func numbersThatCountSeveralTimesAreThatMany() throws {
        for one in try Self.golden() {
            let times = one.answers.indices.map { [1, 0, 2, 1, 3][$0 % 5] }
            func repeated(_ values: [Double]) -> [Double] {
                zip(values, times).flatMap { Array(repeating: $0, count: $1) }
            }
            let weighted = ValuePairs(answers: one.answers, truths: one.truths)
                .figures(counting: times.map(Double.init))
            let written = ValuePairs(answers: repeated(one.answers), truths: repeated(one.truths)).figures()
            #expect(abs((weighted.pearson ?? .nan) - (written.pearson ?? .nan)) < 1e-12)
            #expect(abs((weighted.spearman ?? .nan) - (written.spearman ?? .nan)) < 1e-12)
            #expect(abs(weighted.meanSquaredError - written.meanSquaredError) < 1e-12)
            #expect(abs(weighted.meanBaseline - written.meanBaseline) < 1e-12)
        }
    }

    @Test func whatDoesNotVaryHasNoCorrelation() {
        let level = ValuePairs(answers: [2, 2, 2], truths: [1, 2, 3]).figures()
        #expect(level.pearson == nil && level.spearman == nil && abs(level.determination) < 1e-12)
        #expect(ValuePairs(answers: [1], truths: [2]).figures().pearson == nil)
        let same = ValuePairs(answers: [2, 2], truths: [2, 2]).figures()
        #expect(same.determination == 1 && same.meanBaseline == 0)
        let away = ValuePairs(answers: [1e9 + 1, 1e9 + 2, 1e9 + 4], truths: [1, 2, 4]).figures()
        #expect(abs((away.pearson ?? 0) - 1) < 1e-9 && abs((away.spearman ?? 0) - 1) < 1e-12)
        // The mean itself explains nothing.
        #expect(abs(level.meanBaseline - 2.0 / 3) < 1e-12)
    }

    private func metrics(_ outputs: [Float], _ truths: [Float?]) -> Metrics {
        var judge = ValueJudge()
        let examples = truths.map { EncodedExample([], truth: $0.map(Target.value)) }
        judge.add(
            Tensor(outputs, rows: outputs.count, columns: 1), examples, numbered: Array(examples.indices))
        return judge.metrics
    }

    @Test func theJudgeHasFiguresWithIntervalsBesideTheMeans() throws {
        let one = try #require(try Self.golden().last)
        let found = metrics(one.answers.map { Float($0) }, one.truths.map { Float($0) })
        #expect(found.figures.map(\.name) == ["pearson", "spearman", "mse", "mae", "r2"])
        #expect(found.count == 300 && abs(found.loss - one.mse) < 1e-6 && found.matrix == nil)
        #expect(abs((found.meanBaseline ?? 0) - one.baseline) < 1e-6)
        for figure in found.figures {
            let interval = try #require(figure.interval, "\(figure.name)")
            #expect(interval.contains(figure.value) && interval.lowerBound < interval.upperBound)
        }
        // Fisher's z of 0.7466 over 300 pairs: 0.692 to 0.793; the bootstrap lies near it.
        let pearson = try #require(found.figures[0].interval)
        #expect(abs(pearson.lowerBound - 0.692) < 0.02 && abs(pearson.upperBound - 0.793) < 0.02)
        #expect(found == metrics(one.answers.map { Float($0) }, one.truths.map { Float($0) }))
    }

    @Test func whatIsNotKnownIsLeftAside() {
        let some = metrics([1, 9, 3], [1, nil, 2])
        #expect(some.count == 2 && some.loss == 0.5)
        let single = metrics([4], [2])
        #expect(single.figures.map(\.value) == [0, 0, 4, 2, 0] && single.figures[0].interval == nil)
        #expect(metrics([], []).meanBaseline == nil)
    }
}
