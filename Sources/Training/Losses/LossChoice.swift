import Diagnostics
import Learning

/// A loss that was chosen, and its settings.
package struct LossChoice: Sendable, Hashable {
    package let kind: any ChosenLoss.Type
    package let values: SettingValues

    /// - `given`: settings that are not as declared, by name.
    package init(_ kind: any ChosenLoss.Type = LossRegistry.usual, _ given: [String: SettingValue] = [:]) {
        (self.kind, values) = (kind, SettingValues(kind.declaration.settings, given))
    }

    package init(_ kind: any ChosenLoss.Type, _ values: SettingValues) {
        (self.kind, self.values) = (kind, values)
    }

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

    package static func == (a: Self, b: Self) -> Bool {
        a.kind.declaration == b.kind.declaration && a.values == b.values
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(kind.declaration.name)
        hasher.combine(values)
    }
}

/// A loss, and examples whose places have the weights that it gives them.
package struct PreparedLoss: Sendable {
    package let loss: any Loss
    package let examples: [EncodedExample]
    /// Nil where all classes count alike.
    package let weights: ClassWeights?
}

extension LossChoice: Codable {
    package func encode(to encoder: any Swift.Encoder) throws {
        try ChoiceRecord(name: kind.declaration.name, settings: values.all).encode(to: encoder)
    }

    package init(from decoder: any Swift.Decoder) throws {
        let record = try ChoiceRecord(from: decoder)
        guard let kind = LossRegistry.named(record.name) else {
            throw Diagnostic("bad-state", "there is no loss \(record.name) here")
        }
        try self.init(kind, SettingValues(kind.declaration.settings, all: record.settings))
    }
}
