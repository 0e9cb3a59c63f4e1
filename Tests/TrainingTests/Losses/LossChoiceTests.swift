import Compute
import Diagnostics
import Foundation
import Learning
import Models
import TestFixtures
import Testing

@testable import Training

/// Losses as they are chosen: class weights, what a batch is divided by, and what must change no byte.
@Suite struct LossChoiceTests {
    private static func examples(_ labels: [Int]) -> [EncodedExample] {
        labels.enumerated().map {
            EncodedExample(
                ids: (0..<(3 + 2 * $0)).map { Int32($0 * 7 % 50) }, identity: UInt64($0), target: .label($1))
        }
    }

    private static func weights(
        _ words: [String], of labels: [String] = ["ham", "spam", "not sure"],
        over given: [Int] = [0, 0, 0, 1]
    ) throws -> [Float] {
        try ClassWeights(words, of: labels, over: examples(given)).values
    }

    /// scikit-learn's compute_class_weight('balanced'): n / (classes · n_c).
    @Test func balancedWeightsAreScikitLearns() throws {
        #expect(try Self.weights(["balanced"]) == [2 / 3, 2, 0])
        #expect(try Self.weights(["balanced"], over: [0, 1, 1, 2, 2, 2]) == [2, 1, 2 / 3])
    }

    @Test func weightsAreGivenInOrderOrByName() throws {
        #expect(try Self.weights(["1", "2.5", "1"]) == [1, 2.5, 1])
        #expect(try Self.weights(["spam:6.5"]) == [1, 6.5, 1])
        #expect(try Self.weights(["not sure:0.5", "ham:2"]) == [2, 1, 0.5])
        #expect(try Self.weights(["a:b:3"], of: ["a:b", "c"]) == [3, 1])
    }

    @Test(
        arguments: [
            ["1", "2"], ["1", "2", "3", "4"], ["1", "-2", "1"], ["1", "0", "1"], ["1", "nan", "1"],
            ["1", "inf", "1"], ["1", "x", "1"], ["spma:2"], ["spam:2", "spam:3"], ["spam:2", "3"],
            ["spam:-1"], [":2"], ["balanced", "1", "2"], ["1", "1e-60", "1"], [],
        ])
    func weightsThatMeanNothingAreRefused(words: [String]) {
        let problem = #expect(throws: Diagnostic.self) { try Self.weights(words) }
        #expect(problem?.setting == "class_weights" && problem?.hint != nil, "\(words)")
    }

    @Test func aNameThatIsNearlyOneIsSaid() {
        let problem = #expect(throws: Diagnostic.self) { try Self.weights(["spma:2"]) }
        #expect(problem?.hint == "did you mean spam?")
    }

    /// A loss of classes for a task that has none.
    @Test func aTaskOfValuesKeepsItsOwnLoss() throws {
        let tried = try #require(TaskCase.all.first { $0.declaration.name == "difference" })
        let task = try tried.task(on: tried.model())
        let problem = #expect(throws: Diagnostic.self) {
            try LossChoice(FocalLoss.self).made(for: task, over: [])
        }
        #expect(problem?.setting == "loss")
        let tokens = #expect(throws: Diagnostic.self) {
            try LossChoice(FocalLoss.self, ["class_weights": .names(["balanced"])])
                .made(for: NextToken(), over: [])
        }
        #expect(tokens?.setting == "class_weights")
    }

    // MARK: - In a run

    private struct Outcome: Equatable {
        var losses, norms: [UInt64]
        var values: [UInt32]
    }

    private static func outcome(
        _ loss: LossChoice?, isWriting: Bool = false, workers: Int = 2, shareTokens: Int? = 20,
        isWide: Bool = false
    ) throws -> (Outcome, Trainer) {
        let name = isWriting ? "answers" : "classification"
        let tried = try #require(TaskCase.all.first { $0.declaration.name == name && $0.family == "llama" })
        let model = try tried.model()
        let task = try tried.task(on: model)
        let encoded = try tried.encoded(by: task)
        var settings = TrainerSettings()
        (settings.batch, settings.epochs, settings.lr) = (5, 3, 1e-2)
        (settings.shareTokens, settings.isWide, settings.loss) = (shareTokens, isWide, loss)
        let pool = Workers(count: workers)
        defer { pool.close() }
        let trainer = try Trainer(
            model: model, task: task, tuning: LowRankMethod().tuning(of: model, seed: 2), examples: encoded,
            settings: settings, workers: pool)
        while !trainer.isFinished { _ = try trainer.update(interruption: Interruption()) }
        return (
            Outcome(
                losses: trainer.history.map(\.loss.bitPattern),
                norms: trainer.history.map(\.gradientNorm.bitPattern),
                values: trainer.trainedParameters.flatMap { $0.dense().floats.map(\.bitPattern) }), trainer
        )
    }

    private static let chosen: [LossChoice] = [
        LossChoice(CrossEntropyLoss.self, ["class_weights": .names(["1", "3"])]),
        LossChoice(
            CrossEntropyLoss.self, ["class_weights": .names(["bad:4"]), "label_smoothing": .number(0.1)]),
        LossChoice(FocalLoss.self, ["class_weights": .names(["balanced"])]),
    ]

    @Test(arguments: chosen, [false, true])
    func theBytesAreTheSameWithAnyNumberOfWorkers(loss: LossChoice, isWriting: Bool) throws {
        let one = try Self.outcome(loss, isWriting: isWriting, workers: 1).0
        #expect(try Self.outcome(loss, isWriting: isWriting, workers: 2).0 == one)
        #expect(try Self.outcome(loss, isWriting: isWriting, workers: 8).0 == one)
        #expect(try Self.outcome(nil, isWriting: isWriting).0 != one)
    }

    /// A batch's loss and gradient are the same however it is cut into shares.
    @Test(arguments: chosen, [false, true])
    func aBatchIsTheSameHoweverItIsCut(loss: LossChoice, isWriting: Bool) throws {
        let whole = try Self.outcome(loss, isWriting: isWriting, shareTokens: 10_000, isWide: true).1
        for (tokens, isWide) in [(15, false), (15, true), (40, false)] {
            let cut = try Self.outcome(loss, isWriting: isWriting, shareTokens: tokens, isWide: isWide).1
            let (first, other) = (whole.history[0], cut.history[0])
            #expect(abs(first.loss - other.loss) < 1e-6 * first.loss)
            #expect(abs(first.gradientNorm - other.gradientNorm) < 1e-5 * first.gradientNorm)
        }
    }

    /// Twice the weight of every class is the same loss: a batch is divided by the sum.
    @Test func weightsCountBesideEachOther() throws {
        func losses(_ words: [String]) throws -> [Double] {
            let loss = LossChoice(CrossEntropyLoss.self, ["class_weights": .names(words)])
            return try Self.outcome(loss).1.history.map(\.loss)
        }
        let (one, two) = (try losses(["1", "3"]), try losses(["2", "6"]))
        #expect(zip(one, two).allSatisfy { abs($0 - $1) < 1e-4 * $0 })
        let (equal, plain) = (try losses(["1", "1"]), try Self.outcome(nil).1.history.map(\.loss))
        #expect(equal == plain)
    }

    /// Where answers are written, all tokens of an answer count as its class does.
    @Test func anAnswersTokensHaveItsClassesWeight() throws {
        let trainer = try Self.outcome(Self.chosen[0], isWriting: true).1
        #expect(trainer.classWeights?.values == [1, 3])
        for example in trainer.examples {
            let wanted: Float = example.truth == .label(1) ? 3 : 1
            #expect(example.rows.flatMap(\.learned).allSatisfy { $0.weight == wanted })
        }
        #expect(Set(trainer.examples.map(\.truth)).count == 2)
    }

    // MARK: - As data

    /// Runs of before have the same bytes still.
    @Test func settingsWithoutALossAreWrittenAsBefore() throws {
        let text = String(decoding: try JSONEncoder().encode(TrainerSettings()), as: UTF8.self)
        for key in ["loss", "noise", "sparesBiases"] { #expect(!text.contains(key)) }
        var settings = TrainerSettings()
        settings.loss = LossChoice(
            FocalLoss.self, ["focal_gamma": .number(3), "class_weights": .names(["spam:2"])])
        (settings.noise, settings.sparesBiases) = (5, true)
        let again = try JSONDecoder().decode(TrainerSettings.self, from: JSONEncoder().encode(settings))
        #expect(again == settings && again.loss?.values.double("focal_gamma") == 3)
        #expect(again.loss?.shortSummary == "focal γ=3, class weights")
    }

    @Test func everyLossOfTheRegistryIsDeclaredWhole() throws {
        #expect(LossRegistry.all.contains { $0 == LossRegistry.usual })
        for kind in LossRegistry.all {
            #expect(LossRegistry.named(kind.declaration.name) == kind)
            #expect(!kind.declaration.doc.isEmpty && !kind.declaration.doc.hasSuffix("."))
            let choice = LossChoice(kind)
            #expect(choice.isUsual == (kind == LossRegistry.usual))
            for setting in kind.declaration.settings {
                #expect(setting.usual.map(setting.accepts) ?? (setting.otherwise != nil), "\(setting.name)")
            }
        }
    }
}
