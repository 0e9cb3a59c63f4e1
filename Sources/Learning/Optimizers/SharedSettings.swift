/// Settings that several optimizers have, and that mean the same in each.
extension SettingDeclaration {
    static func beta1(_ usual: Double) -> SettingDeclaration {
        SettingDeclaration(
            "beta1", "share of the gradients' running mean that a step keeps",
            .number(from: 0, to: 1, isOpenAbove: true), usual: .number(usual), aliases: ["adam_beta1"])
    }

    static func beta2(_ usual: Double) -> SettingDeclaration {
        SettingDeclaration(
            "beta2", "share of the squared gradients' running mean that a step keeps",
            .number(from: 0, to: 1, isOpenAbove: true), usual: .number(usual), aliases: ["adam_beta2"])
    }

    static let epsilon = SettingDeclaration(
        "epsilon", "added to the root that a step is divided by", .number(from: 0, to: 1, isOpen: true),
        usual: .number(1e-8), aliases: ["adam_epsilon"])

    /// Of the groups that decay.
    static let weightDecay = SettingDeclaration(
        "weight_decay", "pull of the weights towards zero", .number(from: 0, to: 10), usual: .number(0))
}
