import Diagnostics
import Language
import Training

extension EngineState {
    /// What the weights in use are called where evaluations are named: their run, `base` where nothing was learned.
    var weightsName: String {
        if let kept { return kept.name }
        return seen.isUntuned(under: method?.tuning) && !isHeadTrained ? RunName.untuned : "opened"
    }
}

extension Context {
    /// The session with other weights, those that a name stands for: `base`, `best`, `last` or a finished run, before
    /// the data at hand. The session's own stay as they are.
    ///
    /// - Throws: `no-run` and what bringing it back brings up; `other-classes`.
    func engine(withWeightsOf name: String, at span: SourceSpan) throws -> EngineState {
        let here = state.engine
        guard name != RunName.untuned else {
            var engine = here
            (engine.method, engine.task, engine.isHeadTrained) = (nil, nil, false)
            (engine.run, engine.kept) = (nil, nil)
            engine.seen = here.model?.seen ?? SeenTexts()
            return engine
        }
        if name == here.kept?.name { return here }
        var other = self
        _ = try UseCommand.use(named: name, at: span, in: &other)
        var engine = other.state.engine
        let knew = engine.isHeadTrained
        if let data = here.data { engine.adopt(data) }
        guard engine.isHeadTrained || !knew else {
            throw Diagnostic(
                "other-classes",
                "\(name.forMessages) was trained to tell other classes apart, or by another prompt, than the data at hand have",
                at: span, hint: "load its data, or leave it out")
        }
        return engine
    }
}
