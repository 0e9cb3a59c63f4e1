import Learning

/// A loss that `train` can choose, with settings of its own.
///
/// A new one is a file beside this and a line in `LossRegistry.swift`.
package protocol ChosenLoss: Loss {
    static var declaration: ChoiceDeclaration { get }

    /// - `values`: of the declared settings.
    /// - `classWeights`: one for each column of the outputs, or none: places have the weight of their own class already.
    init(_ values: SettingValues, classWeights: [Float])

    /// What is said of it in a few words, class weights aside: `focal γ=2`.
    static func terms(_ values: SettingValues) -> [String]
}

extension SettingDeclaration {
    /// Of the losses that tell classes apart.
    static let classWeights = SettingDeclaration(
        "class_weights",
        "what each class counts: balanced, a number for each in their order, or spam:6.5,ham:1", .perClass,
        otherwise: "all count alike", aliases: ["class_weight"])
}
