import Learning
import Tensors

/// The values of parameters at one moment, to go back to when training fails.
struct ParameterSnapshot {
    private let kept: [(parameter: Parameter, values: Buffer)]

    init(_ parameters: [Parameter]) {
        kept = parameters.map { ($0, $0.dense().copy()) }
    }

    func restore() {
        for (parameter, values) in kept { parameter.overwrite(with: values) }
    }
}
