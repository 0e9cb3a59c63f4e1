import Compute
import Learning

/// `-α_y · (1 - p_y)^γ · log p_y`: what is known already costs next to nothing (Lin et al. 2017).
///
/// α are the class weights, by whose sum a batch's loss is divided, so that γ = 0 is the weighted cross entropy.
package struct FocalLoss: ChosenLoss {
    package static let declaration = ChoiceDeclaration(
        "focal", "cross entropy that hardly counts what is known already, for rare classes",
        settings: [
            // `gamma` is a schedule's.
            SettingDeclaration(
                "focal_gamma", "how much less counts what is known already; 0 is the cross entropy",
                .number(from: 0, to: 100), usual: .number(2), aliases: ["focal_loss_gamma"]),
            .classWeights,
        ])

    private let gamma: Float

    package init(_ values: SettingValues, classWeights: [Float]) { gamma = values.single("focal_gamma") }

    package var isByPlace: Bool { true }
    package var comparesLabels: Bool { true }

    package static func terms(_ values: SettingValues) -> [String] {
        ["focal γ=\(SettingValue.number(values.double("focal_gamma")).text)"]
    }

    package func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        let places = places.flatMap(\.self)
        let (losses, gradient) = CrossEntropy.learnFocal(
            outputs, labels: CrossEntropyLoss.labels(of: places), factors: places.map { scale * $0.weight },
            gamma: gamma)
        for (place, loss) in zip(places, losses) { sum += Double(place.weight) * Double(loss) }
        return gradient
    }
}
