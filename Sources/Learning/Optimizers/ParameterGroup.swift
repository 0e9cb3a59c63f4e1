/// Parameters that are trained alike.
package struct ParameterGroup: Sendable {
    package let parameters: [Parameter]
    /// Multiplies lr: LoRA+ and discriminative rates.
    package var rate: Float
    /// Whether weight decay pulls on them.
    package var decays: Bool
    /// Whether they rest in some epochs, so that each counts its own steps.
    package var rests: Bool
    /// Follows every step, such as a projection back to where the parameters may be.
    ///
    /// - It is handed the group's parameters, since a copy of a tuning has its own.
    package var afterStep: (@Sendable (_ parameters: [Parameter]) -> Void)?

    package init(
        _ parameters: [Parameter], rate: Float = 1, decays: Bool = true, rests: Bool = false,
        afterStep: (@Sendable (_ parameters: [Parameter]) -> Void)? = nil
    ) {
        (self.parameters, self.rate, self.decays, self.afterStep) = (parameters, rate, decays, afterStep)
        self.rests = rests
    }

    /// Whether nothing is particular about how they are trained, resting aside.
    package var isPlain: Bool { rate == 1 && decays && afterStep == nil }

    /// Others that are trained like these.
    package func with(_ parameters: [Parameter]) -> ParameterGroup {
        ParameterGroup(parameters, rate: rate, decays: decays, rests: rests, afterStep: afterStep)
    }
}
