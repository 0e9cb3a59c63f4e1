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

    package func attach(to model: any LanguageModel, seed: UInt64) throws -> [Parameter] {
        if let last, last < 1 || last > model.config.blocks {
            throw Diagnostic(
                "bad-layers", "last=\(last) is not possible: the model has \(model.config.blocks) blocks")
        }
        model.reset()
        let first = last.map { model.config.blocks - $0 }
        let chosen = model.store.parameters.filter { parameter in
            let part = model.part(of: parameter.name)
            // No task reads BERT's masked head.
            guard let first else { return model.isCausal || part != .languageHead }
            // The final norm trains with the last blocks, as in the GPT-2 study of the papers, and BERT's pooler.
            return part >= .block(first) && part < .languageHead
        }
        for parameter in chosen {
            _ = parameter.writable()
            parameter.isTrainable = true
        }
        return chosen
    }
}
