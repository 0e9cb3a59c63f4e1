import Foundation
import JSON
import TestFixtures
import Testing

@testable import Training

/// Which validation is the best, and when waiting for a better one ends.
@Suite struct BestValidationTests {
    private struct Case: Decodable {
        let metrics: [Double]
        let greater: Bool
        let patience: Int
        let threshold: Double
        let stop: Int?
        let best: Int?
    }

    /// make_early_stopping.py
    @Test func itStopsWhereTransformersDoes() throws {
        let file = GoldenFiles.folder.appending(path: "early-stopping.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        #expect(cases.count > 100)
        for one in cases {
            let figure: DecidingFigure = .named(one.greater ? "accuracy" : "loss")
            var deciding = BestValidation()
            var stop: Int?
            for (index, value) in one.metrics.enumerated() where stop == nil {
                _ = deciding.note(
                    value, by: figure, leastGain: one.threshold, epoch: Double(index), steps: index)
                if deciding.waited >= one.patience { stop = index }
            }
            #expect(stop == one.stop && deciding.best?.steps == one.best, "\(one)")
        }
    }

    @Test(arguments: ["loss", "accuracy", "macro_f1", "matthews"])
    func whatIsNoNumberIsNeverTheBest(name: String) {
        let figure = DecidingFigure.named(name)
        #expect(figure.name == name)
        var deciding = BestValidation()
        for (step, value) in [Double.nan, .infinity, -.infinity].enumerated() {
            let isBest = deciding.note(value, by: figure, epoch: 0, steps: step)
            #expect(!isBest)
        }
        let ofNothing = deciding.note(nil, by: figure, epoch: 0, steps: 3)
        #expect(!ofNothing)
        #expect(deciding.best == nil && deciding.waited == 4)
        let ofSomething = deciding.note(0.3, by: figure, epoch: 0, steps: 4)
        #expect(ofSomething && deciding.waited == 0)
        _ = deciding.note(.nan, by: figure, epoch: 0, steps: 5)
        #expect(deciding.best?.steps == 4 && deciding.waited == 1)
    }

    @Test func theFirstOfEqualsIsTheBest() {
        var deciding = BestValidation()
        for step in 0..<3 { _ = deciding.note(0.5, by: .loss, epoch: 0, steps: step) }
        #expect(deciding.best?.steps == 0 && deciding.waited == 2)
    }

    @Test func sharesOfAllStepsAreRoundedAsTransformersDoes() {
        var settings = JudgingSettings()
        #expect(settings.steps(of: 12) == nil)
        settings.every = .share(0.25)
        #expect(settings.steps(of: 10) == 3)
        settings.every = .share(0.0001)
        #expect(settings.steps(of: 10) == 1)
        settings.every = .steps(7)
        #expect(settings.steps(of: 10) == 7)
    }

    @Test func thatOfAPatientRunComesBack() {
        var settings = JudgingSettings()
        #expect(settings.kept == .last && settings.isUsual)
        settings.patience = 2
        #expect(settings.kept == .best)
        settings.keeps = .last
        #expect(settings.kept == .last)
    }
}
