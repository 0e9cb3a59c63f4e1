import Compute
import Foundation
import Learning
import TestFixtures
import Testing

@testable import Training

/// Losses of classes beside PyTorch's, which `Tests/Golden/make_losses.py` computed in double precision.
@Suite struct LossTests {
    struct Golden: Decodable {
        struct Case: Decodable {
            let settings: [String: Double]
            let weighted: Bool
            let loss: Double
            let gradient: [Double]
        }
        struct Tokens: Decodable {
            let first: Int
            let smoothing: Double
            let loss: Double
            let gradient: [Double]
        }
        let labels: [Int]
        let weights: [Float]
        let cases: [Case]
        let tokens: Tokens

        static func read() throws -> Golden {
            let file = GoldenFiles.folder.appending(path: "losses.json")
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        }
    }

    private static let columns = 4
    private static func logits(_ rows: Range<Int>) -> Tensor {
        let values = (rows.lowerBound * columns..<rows.upperBound * columns).map {
            Float(2 * sin(0.37 * Double($0) + 0.3))
        }
        return Tensor(values, rows: rows.count, columns: columns)
    }

    private static func loss(_ settings: [String: Double], _ weights: [Float]) -> any Loss {
        let kind: any ChosenLoss.Type =
            settings["focal_gamma"] == nil ? CrossEntropyLoss.self : FocalLoss.self
        return kind.init(
            SettingValues(kind.declaration.settings, settings.mapValues { .number($0) }),
            classWeights: weights)
    }

    /// The places as `ClassWeights` leaves them, in batches that are cut in any way.
    private static func compare(
        _ loss: any Loss, _ labels: [Int], _ weights: [Float]?, rows: Range<Int>, cuts: [Int],
        with golden: (loss: Double, gradient: [Double])
    ) {
        let terms = rows.reduce(0.0) { $0 + Double(weights?[labels[$1]] ?? 1) }
        var (sum, gradient): (Double, [Float]) = (0, [])
        for (from, to) in zip([rows.lowerBound] + cuts, cuts + [rows.upperBound]) {
            let places = (from..<to).map {
                Learned(.label(labels[$0]), weight: weights?[labels[$0]] ?? 1)
            }
            let part = loss.gradient(
                of: logits(from..<to), [places], scale: Float(1 / terms), addingTo: &sum)
            gradient += part.floats
        }
        #expect(abs(sum / terms - golden.loss) < 1e-6)
        let wanted = golden.gradient[rows.lowerBound * columns..<rows.upperBound * columns]
        let worst = zip(gradient, wanted).map { abs(Double($0) - $1) }.max() ?? .infinity
        #expect(worst < 1e-6 && gradient.count == wanted.count, "\(worst)")
    }

    @Test(arguments: [[], [4], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8]])
    func everyLossIsPyTorchsHoweverABatchIsCut(cuts: [Int]) throws {
        let golden = try Golden.read()
        #expect(golden.cases.count == 10)
        for one in golden.cases {
            Self.compare(
                Self.loss(one.settings, one.weighted ? golden.weights : []), golden.labels,
                one.weighted ? golden.weights : nil, rows: 0..<golden.labels.count, cuts: cuts,
                with: (one.loss, one.gradient))
        }
    }

    /// Tokens that are not learned are no places here, where LabelSmoother passes over -100.
    @Test func smoothedTokensAreLabelSmoothers() throws {
        let golden = try Golden.read()
        Self.compare(
            Self.loss(["label_smoothing": golden.tokens.smoothing], []), golden.labels, nil,
            rows: golden.tokens.first..<golden.labels.count, cuts: [5],
            with: (golden.tokens.loss, golden.tokens.gradient))
    }

    /// Every gradient is the loss's slope, with places that count differently.
    @Test(
        arguments: [
            (["label_smoothing": 0.2], []), (["label_smoothing": 0.2], [0.5, 2, 1, 3.5]),
            (["focal_gamma": 2], []), (["focal_gamma": 0.5], []), (["focal_gamma": 0], []), ([:], []),
        ] as [([String: Double], [Float])])
    func everyGradientIsTheLossesSlope(settings: [String: Double], weights: [Float]) {
        let loss = Self.loss(settings, weights)
        let places = (0..<6).map { Learned(.label($0 % 4), weight: weights.isEmpty ? 0.5 + Float($0) : 1) }
        let values = Self.logits(0..<6).floats
        func value(_ logits: [Float]) -> Double {
            var sum = 0.0
            _ = loss.gradient(
                of: Tensor(logits, rows: 6, columns: 4), [places], scale: 1, addingTo: &sum)
            return sum
        }
        var none = 0.0
        let gradient = loss.gradient(
            of: Tensor(values, rows: 6, columns: 4), [places], scale: 1, addingTo: &none
        ).floats
        let largest = gradient.map(abs).max() ?? 0
        for index in values.indices {
            var (above, below) = (values, values)
            above[index] += 1e-2
            below[index] -= 1e-2
            let slope = (value(above) - value(below)) / 2e-2
            #expect(abs(slope - Double(gradient[index])) < 2e-3 * Double(largest), "\(index)")
        }
    }

    /// A class that is certain costs nothing, and sends nothing back; one that is out of the question stays finite.
    @Test func focalEndsWell() {
        for gamma in [0.0, 0.5, 2] {
            let loss = Self.loss(["focal_gamma": gamma], [])
            var sum = 0.0
            let places = [Learned(.label(0)), Learned(.label(1))]
            let gradient = loss.gradient(
                of: Tensor([90, -90, -90, 90, -90, -90], rows: 2, columns: 3), [places], scale: 1,
                addingTo: &sum
            ).floats
            #expect(abs(sum - 180) < 1e-3)
            #expect(gradient[..<3].allSatisfy { abs($0) < 1e-6 })
            #expect(abs(gradient[3] - 1) < 1e-5 && abs(gradient[4] + 1) < 1e-5)
        }
    }

    // MARK: - Ten steps

    private static func weighted(_ kind: any ChosenLoss.Type, _ given: [String: SettingValue]) -> LossChoice {
        LossChoice(kind, given.merging(["class_weights": .names(["0.5", "2"])]) { $1 })
    }

    @Test(arguments: ["bert", "llama-classes"])
    func tenStepsWithClassWeightsEqualPyTorchs(name: String) throws {
        let loss = Self.weighted(CrossEntropyLoss.self, ["label_smoothing": .number(0.1)])
        try WeightSteps(of: FullMethod(), on: name, golden: "loss-weighted") { $0.loss = loss }.check()
    }

    @Test(arguments: ["bert", "llama-classes"])
    func tenStepsOfFocalLossEqualPyTorchs(name: String) throws {
        let loss = Self.weighted(FocalLoss.self, [:])
        try WeightSteps(of: FullMethod(), on: name, golden: "loss-focal") { $0.loss = loss }.check()
    }

    @Test(arguments: ["gpt2", "llama3"])
    func tenStepsOfSmoothedTokensEqualPyTorchs(name: String) throws {
        let loss = LossChoice(CrossEntropyLoss.self, ["label_smoothing": .number(0.1)])
        try WeightSteps(of: FullMethod(), on: name, golden: "loss-smoothed") { $0.loss = loss }.check()
    }
}
