/// The optimizers.
package enum OptimizerRegistry: ChoiceRegistry {
    package static let all: [any Optimizer.Type] = [
        AdamW.self,
        Adam.self,
        SGD.self,
        RMSprop.self,
        Lion.self,
        Adafactor.self,
    ]

    package static let usual: any Optimizer.Type = AdamW.self

    package static let noun = "optimizer"

    package static func declaration(of kind: any Optimizer.Type) -> ChoiceDeclaration { kind.declaration }
}
