import Compute
import Learning

/// What the shares of one part of a batch add up to, in the order in which they come.
final class RunningSum {
    private let parameters: [Parameter]
    private let isGathering: Bool
    private(set) var gradients: [Buffer?]
    private(set) var loss = 0.0

    /// - `isGathering`: passes add to one gradient themselves, in place of each having its own, for
    ///   gradients as large as a model; else the part is one share.
    init(_ parameters: [Parameter], isGathering: Bool) {
        self.parameters = parameters
        self.isGathering = isGathering
        gradients = Array(repeating: nil, count: parameters.count)
    }

    /// - `learn`: forward and backward of one share in the pass; the sum of its loss terms.
    func add(_ pass: Pass, _ learn: () throws -> Double) rethrows {
        if isGathering { handOver(to: pass) }
        loss += try learn()
        gradients = parameters.map { pass.gradient(of: $0) }
    }

    private func handOver(to pass: Pass) {
        for (index, parameter) in parameters.enumerated() {
            let total = gradients[index] ?? Buffer(zeros: parameter.count)
            // The pass alone holds it from here on: it copies what is held twice.
            gradients[index] = nil
            pass.gather(parameter, into: total)
        }
    }
}
