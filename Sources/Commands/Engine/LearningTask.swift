import Datasets
import Diagnostics
import Models
import Synchronization
import Tensors
import Training

/// What a model is to do with texts: the objective, made once for a model and a set of classes.
package final class LearningTask: Sendable {
    package let objective: any Objective
    package let maxLength: Int

    /// - `maxLength`: nil takes 256 tokens, 512 with a prompt, or the model's context if shorter.
    package init(
        _ loaded: LoadedModel, _ data: LoadedData, maxLength: Int?, seed: UInt64
    ) throws {
        let context = loaded.model.config.context
        if let maxLength, maxLength > context {
            throw Diagnostic(
                "too-long", "max_length=\(maxLength) is more than \(loaded.name) can read, \(context) tokens",
                hint: "max_length=\(context) or less")
        }
        let labels = data.dataset.labels
        guard labels.count > 1 else {
            throw Diagnostic(
                "no-classes", "the data set \(data.dataset.name) has no classes to learn",
                hint: data.dataset.classColumns.isEmpty
                    ? "a column with classes is needed beside the texts, as load toy has it"
                    : "label=COLUMN in load names the one with the classes: \(data.dataset.classColumns.joined(separator: ", "))"
            )
        }
        self.maxLength = maxLength ?? min(data.template == nil ? 256 : 512, context)
        if let template = data.template {
            objective = try AnswerWriting(
                model: loaded.model, tokenizer: loaded.tokenizer, labels: labels, template: template,
                instruction: data.instruction, maxLength: self.maxLength)
        } else {
            objective = SequenceClassification(
                model: loaded.model, tokenizer: loaded.tokenizer, labels: labels, pooling: loaded.pooling,
                maxLength: self.maxLength, seed: seed)
        }
    }

    /// The examples as tokens, in order, by all workers.
    ///
    /// - Throws: the first example's problem, or `Interrupted`.
    package func encode(
        _ examples: [Example], workers: Workers, interruption: Interruption
    ) throws -> [EncodedExample] {
        let size = 64
        let pieces = (examples.count + size - 1) / size
        let found = Mutex<(parts: [[EncodedExample]], failure: (piece: Int, error: any Error)?)>(
            (Array(repeating: [], count: pieces), nil))
        workers.run(pieces) { [objective] piece in
            guard !interruption.isRequested else { return }
            do {
                let range = piece * size..<min(examples.count, (piece + 1) * size)
                let part = try examples[range].map { try objective.encode($0) }
                found.withLock { $0.parts[piece] = part }
            } catch {
                found.withLock { found in
                    if piece < found.failure?.piece ?? .max { found.failure = (piece, error) }
                }
            }
        }
        try interruption.check()
        let (parts, failure) = found.withLock { $0 }
        if let failure { throw failure.error }
        return parts.flatMap { $0 }
    }
}
