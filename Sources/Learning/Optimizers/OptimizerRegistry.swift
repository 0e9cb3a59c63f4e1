/// The optimizers.
package enum OptimizerRegistry {
    package static let all: [any Optimizer.Type] = [
        AdamW.self,
        Adam.self,
        SGD.self,
        RMSprop.self,
        Lion.self,
        Adafactor.self,
    ]

    package static let usual: any Optimizer.Type = AdamW.self

    package static func named(_ name: String) -> (any Optimizer.Type)? {
        all.first { $0.declaration.name == name }
    }
}
