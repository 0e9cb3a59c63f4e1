import CVectorMath
import Foundation
import Tensors

/// Adam with bias correction and decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019).
///
/// Weight decay first: `p -= lr · weight_decay · p`, then `p -= lr · m̂ / (sqrt(v̂) + epsilon)`.
package final class AdamW: Optimizer, @unchecked Sendable {
    package struct Settings: Sendable, Hashable {
        package var beta1: Float = 0.9
        package var beta2: Float = 0.999
        package var epsilon: Float = 1e-8
        /// Share of each weight taken off a step, times lr.
        package var weightDecay: Float = 0

        package init(weightDecay: Float = 0) { self.weightDecay = weightDecay }
    }

    private let settings: Settings
    private let parameters: [Parameter]
    private let moments: [(first: Buffer, second: Buffer)]
    private let workers: Workers?
    package private(set) var stepCount = 0

    package init(_ parameters: [Parameter], settings: Settings = Settings(), workers: Workers? = nil) {
        self.parameters = parameters
        self.settings = settings
        self.workers = workers
        moments = parameters.map { (Buffer(zeros: $0.count), Buffer(zeros: $0.count)) }
    }

    package func step(gradients: [Buffer], gradientScale: Float, lr: Float) {
        precondition(
            gradients.count == parameters.count,
            "\(gradients.count) gradients of \(parameters.count) parameters")
        stepCount += 1
        let stepSize = lr / Float(1 - pow(Double(settings.beta1), Double(stepCount)))
        let root = Float((1 - pow(Double(settings.beta2), Double(stepCount))).squareRoot())
        for (index, parameter) in parameters.enumerated() {
            let values = parameter.writable()
            let (first, second) = moments[index]
            let gradient = gradients[index]
            precondition(
                gradient.count >= parameter.count && values.count >= parameter.count,
                "\(parameter.name): \(gradient.count) gradients of \(parameter.count) values")
            let settings = settings
            let grain = 1 << 18
            let count = parameter.count
            let update: @Sendable (Int) -> Void = { piece in
                let start = piece * grain
                lk_adamw(
                    values.pointer + start, first.pointer + start, second.pointer + start,
                    gradient.pointer + start, gradientScale, lr * settings.weightDecay, stepSize, root,
                    settings.beta1, settings.beta2, settings.epsilon, min(grain, count - start))
            }
            let pieces = (count + grain - 1) / grain
            if let workers, pieces > 1 {
                workers.run(pieces, update)
            } else {
                for piece in 0..<pieces { update(piece) }
            }
        }
    }

    package var state: [(name: String, values: Buffer)] {
        zip(parameters, moments).flatMap { parameter, moment in
            [("\(parameter.name).first", moment.first), ("\(parameter.name).second", moment.second)]
        }
    }
}
