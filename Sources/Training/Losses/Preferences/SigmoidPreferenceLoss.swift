import Learning

/// `-log σ(βΔ)` (Rafailov et al. 2023); with a share ε of pairs the wrong way round, conservative DPO (Mitchell 2023),
/// `-(1 - ε) log σ(βΔ) - ε log σ(-βΔ)`.
package struct SigmoidPreferenceLoss: PreferenceLoss {
    package static let declaration = ChoiceDeclaration(
        "sigmoid", "minus the logarithm of the probability of the order; with label_smoothing cDPO",
        aliases: ["dpo"], settings: [.beta, .mislabelled])

    package let beta: Double
    private let wrong: Double

    package init(_ values: SettingValues) {
        (beta, wrong) = (values.double("beta"), values.double("label_smoothing"))
    }

    package func cost(_ difference: Double) -> (value: Double, slope: Double) {
        let z = beta * difference
        return (
            (1 - wrong) * softplus(-z) + wrong * softplus(z),
            beta * (wrong * sigmoid(z) - (1 - wrong) * sigmoid(-z))
        )
    }
}
