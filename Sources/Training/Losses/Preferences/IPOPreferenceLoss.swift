import Learning

/// `(Δ - 1 / 2β)²` (Azar et al. 2023), as TRL has it with answers' tokens averaged; the publication sums them.
package struct IPOPreferenceLoss: PreferenceLoss {
    package static let declaration = ChoiceDeclaration(
        "ipo", "the square of how far the difference is from 1 / (2 beta)",
        settings: [
            .beta,
            SettingDeclaration(
                "average_tokens", "an answer's tokens are averaged, as TRL does, and not summed", .flag,
                usual: .flag(true)),
        ])

    package let beta: Double
    package let averagesTokens: Bool

    package init(_ values: SettingValues) {
        (beta, averagesTokens) = (values.double("beta"), values.flag("average_tokens"))
    }

    package func cost(_ difference: Double) -> (value: Double, slope: Double) {
        let distance = difference - 1 / (2 * beta)
        return (distance * distance, 2 * distance)
    }
}
