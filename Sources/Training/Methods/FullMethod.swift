import Diagnostics
import Learning
import Models
import Tensors

/// Every weight that the task reads, or those of the last blocks and of what follows them.
///
/// What no loss reaches, such as a language head beside a classifier, is left out where the task is known
/// (`Objective.unread`).
package struct FullMethod: TuningMethod {
    /// How many of the last blocks train; nil for the whole model, embeddings included.
    package var last: Int?

    package init(last: Int? = nil) { self.last = last }

    package var name: String { last == nil ? "full" : "last" }
    package var settings: [(name: String, value: String)] { last.map { [("last", "\($0)")] } ?? [] }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        if let last, last < 1 || last > model.config.blocks {
            throw Diagnostic(
                "bad-layers", "last=\(last) is not possible: the model has \(model.config.blocks) blocks")
        }
        let first = last.map { model.config.blocks - $0 }
        let chosen = model.store.parameters.filter { parameter in
            let part = model.part(of: parameter.name)
            // No task reads BERT's masked head.
            guard let first else { return model.isCausal || part != .languageHead }
            // The final norm trains with the last blocks, as in the GPT-2 study of the papers, and BERT's pooler.
            return part >= .block(first) && part < .languageHead
        }
        var tuning = Tuning(reach: first.map(Part.block) ?? .embeddings)
        let own = chosen.map { $0.successor() }
        tuning.groups = [ParameterGroup(own)]
        for parameter in own { tuning.replaced[parameter.name] = parameter }
        return tuning
    }
}
