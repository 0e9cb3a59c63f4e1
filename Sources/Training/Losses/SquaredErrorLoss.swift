import Compute
import Learning

/// `(output - value)²` at each place, as torch.nn.MSELoss has it, and so Transformers' heads of one output.
package struct SquaredErrorLoss: Loss {
    package init() {}

    package var isByPlace: Bool { true }

    package func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        precondition(outputs.columns == 1, "squared error: \(outputs.columns) outputs for one value")
        let gradient = places.joined().enumerated().map { row, place -> Float in
            guard let value = place.target?.value else {
                preconditionFailure("squared error: \(String(describing: place.target)) is no value")
            }
            let error = outputs[row, 0] - value
            sum += Double(place.weight) * Double(error) * Double(error)
            return 2 * scale * place.weight * error
        }
        return Buffer(gradient)
    }
}
