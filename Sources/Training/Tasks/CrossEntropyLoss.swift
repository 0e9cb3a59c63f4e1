import Compute
import Learning

/// `-log p(label)` at each place, in nats.
package struct CrossEntropyLoss: Loss {
    package init() {}

    package var isByPlace: Bool { true }

    package func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        let places = places.flatMap(\.self)
        let labels = places.map { place -> Int32 in
            guard let label = place.target?.label else {
                preconditionFailure("cross-entropy: \(String(describing: place.target)) is no label")
            }
            return Int32(label)
        }
        let (losses, gradient) = CrossEntropy.learn(
            outputs, labels: labels, factors: places.map { scale * $0.weight })
        for (place, loss) in zip(places, losses) { sum += Double(place.weight) * Double(loss) }
        return gradient
    }
}
