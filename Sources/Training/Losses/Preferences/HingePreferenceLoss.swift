import Learning

/// `max(0, 1 - βΔ)` (Zhao et al. 2023).
package struct HingePreferenceLoss: PreferenceLoss {
    package static let declaration = ChoiceDeclaration(
        "hinge", "nothing once the order is clear enough", settings: [.beta])

    package let beta: Double

    package init(_ values: SettingValues) { beta = values.double("beta") }

    package func cost(_ difference: Double) -> (value: Double, slope: Double) {
        let rest = 1 - beta * difference
        return rest > 0 ? (rest, -beta) : (0, 0)
    }
}
