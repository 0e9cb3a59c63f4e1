import Compute
import Diagnostics
import Learning

/// A tensor by name, as a state holds it.
package struct NamedTensor: Sendable {
    package let name: String
    package let shape: [Int]
    package let values: Buffer

    package init(name: String, shape: [Int], values: Buffer) {
        (self.name, self.shape, self.values) = (name, shape, values)
    }
}

extension NamedTensor {
    /// What hooks stand on besides their parameters, each once; and what else decides their outputs, as a name.
    package static func constants(of hooks: [any Hook]) -> [NamedTensor] {
        var seen: Set<ObjectIdentifier> = []
        let constants = hooks.flatMap(\.constants).filter { seen.insert(ObjectIdentifier($0)).inserted }
        let tensors = constants.map { NamedTensor(name: $0.name, shape: $0.shape, values: $0.dense()) }
        let settings = hooks.compactMap(\.setting).joined(separator: ",")
        return tensors + [NamedTensor(name: settings, shape: [0], values: Buffer(count: 0))]
    }
}

/// What a trainer needs to go on as if it had never stopped; the rest follows from settings and step.
package struct TrainerState: Sendable {
    /// Every parameter of the tuning, trained or not, in its order.
    package var weights: [NamedTensor]
    package var optimizer: OptimizerSnapshot
    /// The run's own steps.
    package var history: [StepRecord]
    package var tokens: Int
    /// Of work.
    package var seconds: Double

    package init(
        weights: [NamedTensor], optimizer: OptimizerSnapshot, history: [StepRecord], tokens: Int,
        seconds: Double
    ) {
        (self.weights, self.optimizer, self.history) = (weights, optimizer, history)
        (self.tokens, self.seconds) = (tokens, seconds)
    }

    package var step: Int { history.count }

    /// Bytes of its tensors.
    package var byteCount: Int {
        4
            * (weights.reduce(0) { $0 + $1.values.count }
                + optimizer.tensors.reduce(0) { $0 + $1.values.count })
    }
}

extension Parameter {
    /// Its values by name: not a copy.
    package var named: NamedTensor { NamedTensor(name: name, shape: shape, values: values()) }
}

extension Tuning {
    /// The values of every parameter: not copies.
    package var namedTensors: [NamedTensor] { parameters.map(\.named) }

    /// Takes the values of a state that a tuning of the same shape gave.
    ///
    /// - Throws: `bad-state` that names what does not fit; nothing is changed then.
    package func restore(_ tensors: [NamedTensor]) throws {
        let own = parameters
        guard own.count == tensors.count else {
            throw Diagnostic(
                "bad-state", "the state has \(tensors.count) tensors, what is trained here \(own.count)")
        }
        for (parameter, tensor) in zip(own, tensors) {
            guard parameter.name == tensor.name, parameter.shape == tensor.shape else {
                throw Diagnostic(
                    "bad-state",
                    "the state has \(tensor.name) \(tensor.shape) where \(parameter.name) \(parameter.shape) is trained here"
                )
            }
        }
        for (parameter, tensor) in zip(own, tensors) { parameter.replace(with: tensor.values) }
    }
}
