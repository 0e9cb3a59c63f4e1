import Learning
import Testing

@testable import Training

/// Gradients beside central differences of the loss, at a few places of each tensor.
enum Slopes {
    /// - `learn`: the loss, and the pass that knows its gradients.
    static func compare(of parameters: [Parameter], _ learn: () throws -> (pass: Pass, loss: Double)) throws {
        let (pass, loss) = try learn()
        func largest(_ parameter: Parameter) -> Float {
            pass.gradient(of: parameter)?.floats.prefix(parameter.count).map(abs).max() ?? 0
        }
        let most = parameters.map(largest).max() ?? 0
        #expect(parameters.isEmpty || most > 0)
        for parameter in parameters {
            // Keys' biases move no softmax: their gradient is nothing but rounding.
            let scale = max(largest(parameter), 0.02 * most)
            let step: Float = 4e-3
            // What rounding of the loss makes of a difference.
            let rounding = Float(loss) * 0x1p-20 / (2 * step)
            let values = parameter.writable()
            for index in stride(from: 0, to: parameter.count, by: max(1, parameter.count / 3)) {
                let kept = values.pointer[index]
                values.pointer[index] = kept + step
                let above = try learn().loss
                values.pointer[index] = kept - step
                let below = try learn().loss
                values.pointer[index] = kept
                let slope = Float((above - below) / Double(2 * step))
                let gradient = pass.gradient(of: parameter)?.pointer[index] ?? 0
                #expect(
                    abs(slope - gradient) < 0.03 * scale + rounding,
                    "\(parameter.name)[\(index)]: \(gradient) against \(slope)")
            }
        }
    }
}
