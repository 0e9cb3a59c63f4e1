import Learning

/// The losses of preferences that can be chosen.
package enum PreferenceLossRegistry: ChoiceRegistry {
    package static let all: [any PreferenceLoss.Type] = [
        SigmoidPreferenceLoss.self,
        HingePreferenceLoss.self,
        IPOPreferenceLoss.self,
        RobustPreferenceLoss.self,
    ]

    package static let usual: any PreferenceLoss.Type = SigmoidPreferenceLoss.self

    package static let noun = "loss"

    package static func declaration(of kind: any PreferenceLoss.Type) -> ChoiceDeclaration {
        kind.declaration
    }
}

/// A loss of preferences that was chosen, and its settings.
package typealias PreferenceChoice = Chosen<PreferenceLossRegistry>

extension Chosen where Registry == PreferenceLossRegistry {
    package var made: any PreferenceLoss { kind.init(values) }

    /// `hinge, beta 0.3`
    package var summary: String {
        ([declaration.name, "beta \(SettingValue.number(values.double("beta")).text)"]
            + values.changes.filter { $0.name != "beta" }.map { "\($0.name) \($0.value.text)" }).joined(
                separator: ", ")
    }
}
