import Display
import Interchange
import Training

extension TunedModel {
    /// - `base`: the base model's name for others; nil takes the known name or the path.
    init(
        _ loaded: LoadedModel, _ method: AttachedMethod, of engine: EngineState, base: String? = nil
    ) throws {
        // A head that has learned nothing says nothing; where answers are written, there is none.
        let isWorthIt = engine.isHeadTrained || engine.task.map { $0.parameters.isEmpty } ?? true
        try self.init(
            loaded, method, task: isWorthIt ? engine.task : nil,
            data: engine.data, seen: engine.seen, base: base)
    }
}

extension TunedModel.Written {
    /// What was written, as facts to look at.
    func report(at path: String, remarks more: [String] = []) -> any Displayable {
        KeyValue(
            [
                .init("saved", .text(kind)), .init("path", .text(path)), .init("values", .integer(count)),
                .init(
                    "largest difference", .number(Double(difference.largest)), key: "largest_difference",
                    style: difference.largest == 0 ? .automatic : .scientific(1)),
            ],
            notes: ["read back from disk; logits of \(compared) rows compared"] + remarks + more)
    }
}
