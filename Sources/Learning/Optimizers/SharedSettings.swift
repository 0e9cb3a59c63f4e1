/// Settings that several optimizers have, and that mean the same in each.
extension SettingDeclaration {
    /// Of the groups that decay.
    static let weightDecay = SettingDeclaration(
        "weight_decay", "pull of the weights towards zero", .number(from: 0, to: 10), usual: .number(0))
}
