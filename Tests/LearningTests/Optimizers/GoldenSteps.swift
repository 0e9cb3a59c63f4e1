import Compute
import Foundation
import Testing

@testable import Learning

/// The steps that `Tests/Golden/make_optimizers.py` had PyTorch take, and `make_adafactor.py` Transformers.
struct GoldenSteps: Decodable {
    struct Case: Decodable {
        let settings: [String: Double]
        /// What multiplies the second group's rate.
        let rate: Float?
        /// Steps, from 0, in which the second group rests.
        let resting: [Int]?
        /// All parameters' values after each step.
        let steps: [[Float]]
    }

    let lr, clip: Float
    /// Of the parameters of each group, where they are not vectors.
    let shapes: [[[Int]]]?
    let cases: [Case]

    init(of optimizer: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/fixtures/optimizers/\(optimizer).json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }

    /// Takes the steps of each case and compares.
    func check(_ kind: any Optimizer.Type) throws {
        for golden in cases {
            let given = golden.settings.mapValues { SettingValue.number($0) }
            let groups = SampleGroups(
                shapes: shapes ?? SampleGroups.vectors, rate: golden.rate ?? 4,
                rests: golden.resting?.isEmpty == false)
            let optimizer = try OptimizerChoice(kind, groups.declared(given, of: kind)).made(
                for: groups.all, workers: nil)
            for (step, wanted) in golden.steps.enumerated() {
                let gradients = groups.gradients(step, resting: golden.resting?.contains(step) == true)
                let norm = GradientNorm(of: gradients.compactMap(\.self))
                optimizer.step(gradients: gradients, gradientScale: norm.scale(limit: clip), lr: lr)
                let worst = zip(groups.values, wanted).map { abs($0 - $1) }.max() ?? .infinity
                #expect(worst < 1e-6, "\(golden.settings), step \(step + 1)")
            }
            #expect(golden.steps.count == 20 && groups.values.count == golden.steps[0].count)
        }
    }
}

/// Two groups of parameters, the second with four times the rate and without decay, and gradients for them.
final class SampleGroups: Sendable {
    static let vectors = [[[12], [5]], [[7]]]

    let all: [ParameterGroup]
    private let parameters: [Parameter]

    /// - `shapes`: of the parameters of each group; `rate`: of the second, which may rest.
    init(
        shapes: [[[Int]]], rate: Float = 4, rests: Bool = false,
        afterStep: (@Sendable ([Parameter]) -> Void)? = nil
    ) {
        let made = shapes.enumerated().map { group, shapes in
            shapes.enumerated().map { place, shape in
                Parameter(
                    name: "group\(group).parameter\(place)", shape: shape,
                    buffer: sines(shape.reduce(1, *), 0.5, 2 * Double(place) + Double(group)))
            }
        }
        parameters = made.flatMap { $0 }
        all = made.enumerated().map { index, parameters in
            index == 0
                ? ParameterGroup(parameters)
                : ParameterGroup(parameters, rate: rate, decays: false, rests: rests, afterStep: afterStep)
        }
    }

    /// - `counts`: values of the vectors of each group.
    convenience init(
        _ counts: [[Int]] = [[12, 5], [7]], afterStep: (@Sendable ([Parameter]) -> Void)? = nil
    ) {
        self.init(shapes: counts.map { $0.map { [$0] } }, afterStep: afterStep)
    }

    /// - `resting`: whether the groups after the first have none.
    func gradients(_ step: Int, resting: Bool) -> [Buffer?] {
        let (every, first) = (gradients(step), all[0].parameters.count)
        return every.enumerated().map { resting && $0 >= first ? nil : $1 }
    }

    func gradients(_ step: Int) -> [Buffer] {
        parameters.enumerated().map { number, parameter in
            sines(parameter.count, 0.1 + 0.4 * Double(step % 3), Double(number) + 1.7 * Double(step))
        }
    }

    var values: [Float] { parameters.flatMap { $0.dense().floats } }

    func take(_ other: SampleGroups) {
        for (own, their) in zip(parameters, other.parameters) { own.replace(with: their.dense().copy()) }
    }

    /// Golden files know numbers alone: 1 is yes where a flag is declared.
    func declared(_ given: [String: SettingValue], of kind: any Optimizer.Type) -> [String: SettingValue] {
        var given = given
        for setting in kind.declaration.settings where setting.kind == .flag {
            if let value = given[setting.name] { given[setting.name] = .flag(value == .number(1)) }
        }
        return given
    }
}

/// `scale · sin(0.37 · index + phase)`.
private func sines(_ count: Int, _ scale: Double, _ phase: Double) -> Buffer {
    Buffer((0..<count).map { Float(scale * sin(0.37 * Double($0) + phase)) })
}
