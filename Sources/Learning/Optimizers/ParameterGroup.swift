/// Parameters that are trained alike.
package struct ParameterGroup: Sendable {
    package let parameters: [Parameter]
    /// Multiplies lr: LoRA+ and discriminative rates.
    package var rate: Float
    /// Whether weight decay pulls on them.
    package var decays: Bool
    /// Follows every step, such as a projection back to where the parameters may be.
    ///
    /// - It is handed the group's parameters, since a copy of a tuning has its own.
    package var afterStep: (@Sendable (_ parameters: [Parameter]) -> Void)?

    package init(
        _ parameters: [Parameter], rate: Float = 1, decays: Bool = true,
        afterStep: (@Sendable (_ parameters: [Parameter]) -> Void)? = nil
    ) {
        (self.parameters, self.rate, self.decays, self.afterStep) = (parameters, rate, decays, afterStep)
    }
}
