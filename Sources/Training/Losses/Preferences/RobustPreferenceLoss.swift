import Learning

/// `(-(1 - ε) log σ(βΔ) + ε log σ(-βΔ)) / (1 - 2ε)`: on average what clean pairs cost, where a share ε is the wrong way
/// round (Chowdhury et al. 2024).
package struct RobustPreferenceLoss: PreferenceLoss {
    package static let declaration = ChoiceDeclaration(
        "robust", "the sigmoid loss of clean pairs, from some that are the wrong way round",
        settings: [.beta, .mislabelled])

    package let beta: Double
    private let wrong: Double

    package init(_ values: SettingValues) {
        (beta, wrong) = (values.double("beta"), values.double("label_smoothing"))
    }

    package func cost(_ difference: Double) -> (value: Double, slope: Double) {
        let z = beta * difference
        let clean = 1 - 2 * wrong
        return (
            ((1 - wrong) * softplus(-z) - wrong * softplus(z)) / clean,
            -beta * ((1 - wrong) * sigmoid(-z) + wrong * sigmoid(z)) / clean
        )
    }
}
