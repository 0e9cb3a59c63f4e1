import Datasets
import Diagnostics
import Learning
import Models
import Tokenizers

/// What a task is made for: a model, and a data set with the way in which it is to be read.
package struct TaskRequest: Sendable {
    /// What the person called the model.
    package var name: String
    package var model: any LanguageModel
    package var tokenizer: any Tokenizer
    /// Nil for the model's own.
    package var pooling: Pooling?
    package var dataset: Dataset
    /// The prompt that a language model answers; nil puts a head on top.
    package var template: PromptTemplate?
    package var instruction: String?
    /// Tokens of a text; nil for what is usual.
    package var maxLength: Int?
    /// Of a head's first values.
    package var seed: UInt64

    package init(
        _ name: String, _ model: any LanguageModel, _ tokenizer: any Tokenizer, pooling: Pooling? = nil,
        _ dataset: Dataset, template: PromptTemplate? = nil, instruction: String? = nil,
        maxLength: Int? = nil, seed: UInt64
    ) {
        (self.name, self.model, self.tokenizer, self.pooling) = (name, model, tokenizer, pooling)
        (self.dataset, self.template, self.instruction) = (dataset, template, instruction)
        (self.maxLength, self.seed) = (maxLength, seed)
    }

    package init(_ loaded: LoadedModel, _ data: LoadedData, maxLength: Int?, seed: UInt64) {
        self.init(
            loaded.name, loaded.model, loaded.tokenizer, pooling: loaded.pooling, data.dataset,
            template: data.template, instruction: data.instruction, maxLength: maxLength, seed: seed)
    }
}

/// A kind of task as plain data: when it is meant, and how it is made.
package struct TaskDeclaration: Sendable {
    package let name: String
    /// Tokens of a text where nobody says, or the model's context if shorter.
    package let usualLength: Int
    /// Whether a request means it.
    package let suits: @Sendable (TaskRequest) -> Bool
    private let make: @Sendable (_ request: TaskRequest, _ maxLength: Int) throws -> any LearningTask

    package init(
        _ name: String, usualLength: Int, suits: @escaping @Sendable (TaskRequest) -> Bool,
        make: @escaping @Sendable (_ request: TaskRequest, _ maxLength: Int) throws -> any LearningTask
    ) {
        (self.name, self.usualLength, self.suits, self.make) = (name, usualLength, suits, make)
    }

    /// - Throws: `too-long`, or what the task needs of the model and has not.
    package func task(for request: TaskRequest) throws -> any LearningTask {
        let context = request.model.config.context
        if let wanted = request.maxLength, wanted > context {
            throw Diagnostic(
                "too-long", "max_length=\(wanted) is more than \(request.name) can read, \(context) tokens",
                hint: "max_length=\(context) or less")
        }
        return try make(request, request.maxLength ?? min(usualLength, context))
    }
}
