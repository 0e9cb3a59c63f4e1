/// The losses that can be chosen.
package enum LossRegistry {
    package static let all: [any ChosenLoss.Type] = [
        CrossEntropyLoss.self,
        FocalLoss.self,
    ]

    package static let usual: any ChosenLoss.Type = CrossEntropyLoss.self

    package static func named(_ name: String) -> (any ChosenLoss.Type)? {
        all.first { $0.declaration.name == name }
    }
}
