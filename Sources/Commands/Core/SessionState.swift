import JSON
import Language
import Training

/// One moment of a session, as a value.
package struct SessionState: Sendable {
    package var variables = Variables()
    package var settings = Settings()
    package var engine = EngineState()
    /// The numbers of the weights in use, for expressions such as `accuracy`, and the rate that `lr_find` found.
    package var metrics: JSONObject = [:]
    static let suggestedRate = "suggested_lr"

    package init() {}

    /// Notes the numbers of a run's weights in use, in the place of those of others.
    mutating func note(_ run: TrainingRun) {
        for key in metrics.keys where key != Self.suggestedRate { metrics[key] = nil }
        // Before the first step there was none.
        metrics["loss"] = run.stepsInUse > 0 ? .number(run.smoothedLoss(after: run.stepsInUse)) : nil
        metrics["steps"] = .integer(run.stepsInUse - run.start.steps)
        if let figure = run.lineInUse?.validation?.metrics.figures.first {
            metrics["validation_\(figure.name)"] = .number(figure.value)
        }
    }

    /// Takes over what a statement changed since it took its copy; what others changed meanwhile stays.
    ///
    /// Each variable, setting, metric and part of the engine is a change of its own. Of two statements that
    /// changed the same one, the one that ends last is right.
    mutating func adopt(_ changed: SessionState, since base: SessionState) {
        for name in base.variables.names where changed.variables[name] == nil { variables[name] = nil }
        for name in changed.variables.names where base.variables[name] != changed.variables[name] {
            variables[name] = changed.variables[name]
        }
        for key in base.metrics.keys where changed.metrics[key] == nil { metrics[key] = nil }
        for (key, value) in changed.metrics where base.metrics[key] != value { metrics[key] = value }
        settings.adopt(changed.settings, since: base.settings)
        engine.adopt(changed.engine, since: base.engine)
    }
}
