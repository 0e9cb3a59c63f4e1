import Compute
import Learning

/// `-log p(label)` at each place, in nats, as torch.nn.CrossEntropyLoss has it.
///
/// With label smoothing ε over K classes, `(1 - ε) · w_y · -log p_y + ε / K · Σ_c w_c · -log p_c` (Szegedy et al. 2016),
/// of which a batch's sum is divided by its `Σ w_y`.
package struct CrossEntropyLoss: ChosenLoss {
    package static let declaration = ChoiceDeclaration(
        "cross_entropy", "minus the logarithm of the true class's probability",
        aliases: ["ce"],
        settings: [
            .classWeights,
            SettingDeclaration(
                "label_smoothing", "share of the target that all classes have alike",
                .number(from: 0, to: 1, isOpenAbove: true), usual: .number(0),
                aliases: ["label_smoothing_factor"]),
        ])

    private let smoothing: Float
    /// Of each class, where the outputs are classes: places have the weight of their own class already.
    private let classWeights: [Float]

    package init() { (smoothing, classWeights) = (0, []) }

    package init(_ values: SettingValues, classWeights: [Float]) {
        (smoothing, self.classWeights) = (values.single("label_smoothing"), classWeights)
    }

    package var isByPlace: Bool { true }
    package var comparesLabels: Bool { true }

    package static func terms(_ values: SettingValues) -> [String] {
        let smoothing = values.double("label_smoothing")
        return smoothing > 0 ? ["label smoothing \(SettingValue.number(smoothing).text)"] : []
    }

    package func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        let places = places.flatMap(\.self)
        let labels = Self.labels(of: places)
        guard smoothing > 0 else {
            let (losses, gradient) = CrossEntropy.learn(
                outputs, labels: labels, factors: places.map { scale * $0.weight })
            for (place, loss) in zip(places, losses) { sum += Double(place.weight) * Double(loss) }
            return gradient
        }
        // Where each class has its weight, what all have alike goes by those, and not by the true class's.
        let share = smoothing / Float(outputs.columns)
        let spread = places.map { share * (classWeights.isEmpty ? $0.weight : 1) }
        let (losses, gradient) = CrossEntropy.learn(
            outputs, labels: labels, factors: places.map { scale * (1 - smoothing) * $0.weight },
            spread: CrossEntropy.Spread(factors: spread.map { scale * $0 }, weights: classWeights))
        for (index, place) in places.enumerated() {
            sum += Double(1 - smoothing) * Double(place.weight) * Double(losses.labels[index])
            sum += Double(spread[index]) * losses.spread[index]
        }
        return gradient
    }

    /// The true classes, or tokens.
    static func labels(of places: [Learned]) -> [Int32] {
        places.map { place in
            guard let label = place.target?.label else {
                preconditionFailure("cross-entropy: \(String(describing: place.target)) is no label")
            }
            return Int32(label)
        }
    }
}
