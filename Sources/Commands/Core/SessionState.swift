import JSON
import Language

/// One moment of a session, as a value.
package struct SessionState: Sendable {
    package var variables = Variables()
    package var settings = Settings()
    package var engine = EngineState()
    /// The numbers of the last evaluation, for expressions such as `accuracy`.
    package var metrics: JSONObject = [:]

    package init() {}

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
