import Compute

/// Turns gradients into changes of parameters; keeps what it needs of the past.
package protocol Optimizer: AnyObject, Sendable {
    static var declaration: ChoiceDeclaration { get }

    /// The rates that suit it, with these settings.
    static func rates(_ values: SettingValues) -> RateScale
    /// The rate of a step, from 1, where it goes by one of its own, whatever lr and schedule say; nil where it goes by
    /// theirs.
    static func ownRate(_ values: SettingValues, at step: Int) -> Double?

    /// - `values`: of the declared settings.
    /// - Throws: `bad-value` for settings that do not go together, also where there are no groups.
    init(_ groups: [ParameterGroup], _ values: SettingValues, workers: Workers?) throws

    /// The groups, and what is kept of the past.
    var state: OptimizerState { get }

    /// Changes the parameters, once `step` has counted the step.
    ///
    /// - `gradients`, `gradientScale`, `lr`: as `step` has them; `lr` is multiplied by a group's rate here.
    func update(gradients: [Buffer?], gradientScale: Float, lr: Float)
}

extension Optimizer {
    package static func rates(_ values: SettingValues) -> RateScale { .asAdamW }
    package static func ownRate(_ values: SettingValues, at step: Int) -> Double? { nil }

    /// Applies one step, and what each group wants done after it.
    ///
    /// - `gradients`: one for each parameter of the groups, in order; nil for one that rests, which nothing touches.
    /// - `gradientScale`: multiplies every gradient, as clipping asks.
    package func step(gradients: [Buffer?], gradientScale: Float, lr: Float) {
        state.beginStep(of: gradients)
        update(gradients: gradients, gradientScale: gradientScale, lr: lr)
        for group in state.groups { group.afterStep?(group.parameters) }
    }

    /// What a resumed run needs: a copy.
    package func snapshot() -> OptimizerSnapshot {
        state.snapshot(of: Self.declaration.name)
    }

    /// The same without a copy: good until the next step, or for good once there is none.
    package var view: OptimizerSnapshot { state.view(of: Self.declaration.name) }

    /// Goes on from a snapshot that an optimizer of the same kind made, over the same groups.
    ///
    /// - Throws: `bad-state` that names what does not fit; nothing is changed then.
    package func restore(_ snapshot: OptimizerSnapshot) throws {
        try state.restore(snapshot, of: Self.declaration.name)
    }
}
