import Learning

/// The losses that can be chosen.
package enum LossRegistry: ChoiceRegistry {
    package static let all: [any ChosenLoss.Type] = [
        CrossEntropyLoss.self,
        FocalLoss.self,
    ]

    package static let usual: any ChosenLoss.Type = CrossEntropyLoss.self

    package static let noun = "loss"

    package static func declaration(of kind: any ChosenLoss.Type) -> ChoiceDeclaration { kind.declaration }
}
