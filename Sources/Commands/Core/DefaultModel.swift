import Diagnostics
import Display
import Interchange
import Training

extension Context {
    /// The model at hand; where none was named, the default one, and that is said.
    ///
    /// - Throws: `no-model` for a verb that only looks; else what loading brought up.
    mutating func readyModel(for verb: String) throws -> LoadedModel {
        guard state.engine.model == nil, lease.resources.contains(.model) else {
            return try state.engine.requiredModel(for: verb)
        }
        let name = surroundings.defaultModel
        let request = ModelRequest(
            name: name, precision: nil, pooling: nil, seed: UInt64(state.settings.seed))
        let loaded = try loading { try ModelCatalog.load(request, in: $0) }
        state.engine.adopt(loaded)
        state.engine.isModelByDefault = true
        display(
            Message("\(verb) needs a model and none was named: this is \(name) (model NAME takes another)"))
        return loaded
    }
}

extension EngineState {
    /// A model that takes the place of the default one: a method that was chosen before it goes on it.
    ///
    /// - Result: what is to be said about that.
    mutating func adoptInPlaceOfDefault(_ loaded: LoadedModel) -> String? {
        let chosen = isModelByDefault && run == nil ? method : nil
        adopt(loaded)
        guard let chosen, !chosen.isDefault else { return nil }
        do {
            adopt(try AttachedMethod(chosen.source, to: loaded, seed: chosen.seed))
            return "\(chosen.declaration.name), chosen before, is on this model now"
        } catch {
            return
                "\(chosen.declaration.name), chosen before, does not fit this model (\(error)): choose it again"
        }
    }
}
