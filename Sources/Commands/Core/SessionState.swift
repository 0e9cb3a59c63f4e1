import JSON
import Language
import Training

/// One moment of a session, as a value.
package struct SessionState: Sendable {
    package var variables = Variables()
    package var settings = Settings()
    package var engine = EngineState()
    /// The rate that `lr_find` found; nil where there was none.
    package var suggestedRate: Double?
    package static let suggestedRateName = "suggested_lr"

    package init() {}

    /// The numbers of the weights in use, for expressions such as `accuracy`, and the rate that `lr_find` found.
    ///
    /// They are those of the run and of the evaluation that the session holds, and go with them. `steps` are all
    /// updates that the weights in use have behind them, over all runs, and `loss` is the smoothed training loss as it
    /// stood then, or after `evaluate` the evaluation's. The value of `train` (see `TrainingReport`) has the run's own
    /// steps, and the loss after its last one.
    package var metrics: JSONObject {
        var metrics: JSONObject = [:]
        metrics[Self.suggestedRateName] = suggestedRate.map { .number($0) }
        if let run = engine.run {
            // Before the first step there was none.
            if run.stepsInUse > 0 { metrics["loss"] = .number(run.smoothedLoss(after: run.stepsInUse)) }
            metrics["steps"] = .integer(run.stepsInUse)
            if let figure = run.lineInUse?.validation?.metrics.figures.first {
                metrics["validation_\(figure.name)"] = .number(figure.value)
            }
        }
        if let evaluation = engine.evaluation {
            for (key, value) in evaluation.json { metrics[key] = value }
        }
        return metrics
    }

    /// Takes over what a statement changed since it took its copy; what others changed meanwhile stays.
    ///
    /// Each variable, setting and part of the engine is a change of its own. Of two statements that
    /// changed the same one, the one that ends last is right.
    mutating func adopt(_ changed: SessionState, since base: SessionState) {
        for name in base.variables.names where changed.variables[name] == nil { variables[name] = nil }
        for name in changed.variables.names where base.variables[name] != changed.variables[name] {
            variables[name] = changed.variables[name]
        }
        if base.suggestedRate != changed.suggestedRate { suggestedRate = changed.suggestedRate }
        settings.adopt(changed.settings, since: base.settings)
        engine.adopt(changed.engine, since: base.engine)
    }
}
