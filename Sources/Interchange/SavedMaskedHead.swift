import Checkpoints
import Compute
import Diagnostics
import Learning
import Models
import Training

/// A head that fills masks in, as an adapter's files hold it beside a base that has none.
package struct SavedMaskedHead: HeadSource {
    private let tensors: [String: StoredTensor]
    /// What the file calls all that it is made of.
    let tensorNames: Set<String>

    private static let prefix = "cls.predictions."

    /// Nil where the file has none, or the model has one of its own.
    ///
    /// - Throws: `missing-tensor`, `wrong-shape`; `unsupported-head` where words are told apart by another table than the
    ///   embeddings'.
    init?(_ all: [String: StoredTensor], for model: any LanguageModel) throws {
        let own = all.filter { $0.key.hasPrefix(Self.prefix) }
        guard !own.isEmpty, !model.isCausal, !model.hasLanguageHead else { return nil }
        tensorNames = Set(own.keys)
        if let table = own["\(Self.prefix)decoder.weight"] {
            guard table.shape == model.words.shape,
                table.floats() == Array(model.words.dense().floats.prefix(table.shape.reduce(1, *)))
            else {
                throw Diagnostic(
                    "unsupported-head",
                    "tensor \(table.name) is another table of words than the base's embeddings, which a head stands on here",
                    hint: "merge the adapter into its model, which model FOLDER then loads with its head")
            }
        }
        var found: [String: StoredTensor] = [:]
        for parameter in try MaskedHead.fresh(for: model, seed: 0).parameters {
            let other = parameter.name == "\(Self.prefix)bias" ? own["\(Self.prefix)decoder.bias"] : nil
            guard let tensor = own[parameter.name] ?? other else {
                throw Diagnostic(
                    "missing-tensor",
                    "the adapter has a part of a head that fills masks in, and no \(parameter.name)")
            }
            try tensor.require(shape: parameter.shape).requireWeights()
            found[parameter.name] = tensor
        }
        tensors = found
    }

    package var labels: [String] { [] }
    package var classes: Int { 0 }

    package func fits(_ labels: [String]) -> Bool { labels.isEmpty }

    package func fill(_ task: any LearningTask) throws -> Bool {
        guard let own = task.maskedHead else { return false }
        fill(own)
        return true
    }

    package func maskedHead(for model: any LanguageModel) throws -> MaskedHead? {
        let head = try MaskedHead.fresh(for: model, seed: 0)
        fill(head)
        return head
    }

    private func fill(_ head: MaskedHead) {
        for parameter in head.parameters {
            if let tensor = tensors[parameter.name] { parameter.replace(with: Buffer(tensor.floats())) }
        }
    }
}
