import Diagnostics
import JSON

/// What a checkpoint was trained for, by the class that its config.json names (`architectures`).
package enum ModelTask: String, Sendable, CaseIterable {
    case base = "Model"
    case writing = "LMHeadModel"
    case causal = "ForCausalLM"
    case masked = "ForMaskedLM"
    case pretraining = "ForPreTraining"
    case classification = "ForSequenceClassification"
    case tokens = "ForTokenClassification"
    case answers = "ForQuestionAnswering"
    case choices = "ForMultipleChoice"
    case nextSentence = "ForNextSentencePrediction"
    case doubleHeads = "DoubleHeadsModel"

    /// In words, for messages.
    package var summary: String {
        switch self {
        case .base: "no task of its own"
        case .writing, .causal: "writing text"
        case .masked: "filling masks in"
        case .pretraining: "pretraining"
        case .classification: "classes or numbers of texts"
        case .tokens: "classes of single tokens"
        case .answers: "finding answers in a text"
        case .choices, .doubleHeads: "choosing among answers"
        case .nextSentence: "what sentence comes next"
        }
    }
}

extension ModelFamily {
    /// nil where the configuration does not say.
    ///
    /// - Throws: `unsupported-key` for a class that is not one of the family's.
    package func task(of config: JSON) throws -> ModelTask? {
        let key = "architectures"
        guard let found = config[key], !found.isNull, found.array?.isEmpty != true else { return nil }
        let names = found.array?.compactMap(\.string) ?? []
        let tasks = names.compactMap { name -> ModelTask? in
            guard name.lowercased().hasPrefix(classPrefix.lowercased()) else { return nil }
            return ModelTask(rawValue: String(name.dropFirst(classPrefix.count)))
        }
        guard names.count == found.array?.count, tasks.count == names.count else {
            throw Diagnostic(
                "unsupported-key",
                "config.json: \(key) is \(found.text().prefix(60)), which is not supported: \(classPrefix)'s own are",
                hint: KeyDecisions.hint(ignoring: [key], "goes on as if it were \(classPrefix)Model"))
        }
        return tasks.first
    }
}
