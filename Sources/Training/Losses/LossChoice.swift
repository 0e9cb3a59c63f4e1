import Diagnostics
import Learning

/// A loss that was chosen, and its settings.
package typealias LossChoice = Chosen<LossRegistry>

extension Chosen where Registry == LossRegistry {
    /// Whether it is the one that is taken where nothing is said.
    package var isUsual: Bool { kind == LossRegistry.usual && values.changes.isEmpty }

    /// `focal γ=2, balanced weights`
    package var shortSummary: String {
        let weights = values.names("class_weights").map {
            $0 == [ClassWeights.balanced] ? ["balanced weights"] : ["class weights"]
        }
        return (kind.terms(values) + (weights ?? [])).joined(separator: ", ")
    }

    /// The loss over a task's examples.
    ///
    /// - Throws: `bad-value` for class weights that are not of these classes, and for a task that has none.
    package func made(for task: any LearningTask, over examples: [EncodedExample]) throws -> PreparedLoss {
        guard task.loss.comparesLabels else {
            throw Diagnostic(
                "bad-value", "\(kind.declaration.name) is a loss of classes, and \(task.summary) has none",
                about: "loss", hint: "leave it out")
        }
        guard let words = values.names("class_weights") else {
            return PreparedLoss(loss: kind.init(values, classWeights: []), examples: examples, weights: nil)
        }
        let weights = try ClassWeights(words, of: task.labels, over: examples)
        return PreparedLoss(
            // A vocabulary's columns are no classes: there the example's class alone counts.
            loss: kind.init(values, classWeights: task.head == nil ? [] : weights.values),
            examples: examples.map(weights.applied), weights: weights)
    }
}

/// A loss, and examples whose places have the weights that it gives them.
package struct PreparedLoss: Sendable {
    package let loss: any Loss
    package let examples: [EncodedExample]
    /// Nil where all classes count alike.
    package let weights: ClassWeights?
}
