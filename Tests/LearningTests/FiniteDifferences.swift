import Compute
import Foundation
import Learning
import Synchronization
import System
import Testing

/// Compares an operation's gradients with central differences of a random projection of its output.
///
/// - `inputs`: values that the operation reads as tracked tensors.
/// - `parameters`: tensors that it trains.
/// - `tolerance`: largest error relative to the largest entry of that gradient.
func expectGradientsMatch(
    layout: Layout, under tuning: Tuning = Tuning(), inputs: [Tensor], parameters: [Parameter] = [],
    workers: Workers? = nil,
    tolerance: Double = 1e-2, step: Float = 1e-2,
    location: SourceLocation = #_sourceLocation,
    _ operation: (Pass, [Tensor]) throws -> Tensor
) throws {
    BufferPool.shared.poisons.store(true, ordering: .relaxed)
    var tuning = tuning
    tuning.groups.append(ParameterGroup(parameters))
    func newPass() -> Pass {
        Pass(layout, under: tuning, training: Pass.Randomness(seed: 7, step: 3), workers: workers)
    }
    let pass = newPass()
    let tracked = inputs.map { pass.tracked($0.copied()) }
    let output = try operation(pass, tracked)
    var random = CounterRandom(seed: 5, purpose: "projection")
    let projection = Buffer((0..<output.count).map { _ in random.normal() })
    try pass.backward(from: output, gradient: projection.copy())

    func projected() throws -> Double {
        let pass = newPass()
        let result = try operation(pass, inputs.map { pass.tracked($0.copied()) })
        return zip(result.floats, projection.floats).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    func check(_ name: String, _ values: Buffer, _ gradient: Buffer?) throws {
        let gradient = try #require(gradient, "\(name) got no gradient", sourceLocation: location)
        let count = values.count
        let largest = gradient.floats.prefix(count).map { abs(Double($0)) }.max() ?? 0
        for index in Swift.stride(from: 0, to: count, by: max(1, count / 24)) {
            let kept = values.pointer[index]
            values.pointer[index] = kept + step
            let above = try projected()
            values.pointer[index] = kept - step
            let below = try projected()
            values.pointer[index] = kept
            let difference = (above - below) / Double(2 * step)
            let error = abs(difference - Double(gradient.pointer[index])) / max(largest, 1e-3)
            #expect(
                error < tolerance, "\(name)[\(index)]: \(gradient.pointer[index]) against \(difference)",
                sourceLocation: location)
        }
    }
    for (index, input) in inputs.enumerated() {
        try check("input \(index)", input.buffer, tracked[index].slot?.gradient)
    }
    for parameter in tuning.trainedParameters {
        try check(parameter.name, parameter.writable(), pass.gradient(of: parameter))
    }
}

extension Tensor {
    fileprivate func copied() -> Tensor { Tensor(rows: rows, columns: columns, buffer: buffer.copy()) }
}

/// Normal values, the same in every run.
func randomTensor(_ rows: Int, _ columns: Int, seed: UInt64, deviation: Float = 1) -> Tensor {
    var random = CounterRandom(seed: seed, purpose: "test")
    return Tensor((0..<rows * columns).map { _ in random.normal() * deviation }, rows: rows, columns: columns)
}

func randomParameter(_ name: String, _ shape: [Int], seed: UInt64, deviation: Float = 0.5) -> Parameter {
    let values = randomTensor(1, shape.reduce(1, *), seed: seed, deviation: deviation)
    return Parameter(name: name, shape: shape, buffer: values.buffer)
}
