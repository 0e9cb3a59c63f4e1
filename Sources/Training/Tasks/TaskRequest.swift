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
    /// Before the classifier; nil for none.
    package var headNorm: HeadNorm?
    package var dataset: Dataset
    /// The prompt that a language model answers; nil puts a head on top.
    package var template: PromptTemplate?
    package var instruction: String?
    /// Of classes that a language model names.
    package var scoring = WordScoring.sum
    /// Tokens of a text; nil for what is usual.
    package var maxLength: Int?
    /// Of a head's first values.
    package var seed: UInt64
    /// Positions of the model's that a method's own rows take.
    package var taken = 0

    package init(
        _ name: String, _ model: any LanguageModel, _ tokenizer: any Tokenizer, pooling: Pooling? = nil,
        _ dataset: Dataset, template: PromptTemplate? = nil, instruction: String? = nil,
        maxLength: Int? = nil, seed: UInt64
    ) {
        (self.name, self.model, self.tokenizer, self.pooling) = (name, model, tokenizer, pooling)
        (self.dataset, self.template, self.instruction) = (dataset, template, instruction)
        (self.maxLength, self.seed) = (maxLength, seed)
    }

    /// - `tuning`: under which the model is to run, for the room that it leaves; nil for none.
    package init(
        _ loaded: LoadedModel, _ data: LoadedData, maxLength: Int?, under tuning: Tuning?, seed: UInt64
    ) {
        self.init(
            loaded.name, loaded.model, loaded.tokenizer, pooling: loaded.pooling, data.dataset,
            template: data.template, instruction: data.instruction, maxLength: maxLength, seed: seed)
        scoring = data.scoring
        taken = tuning?.positionCount ?? 0
        headNorm = loaded.request.headNorm
    }

    /// - Throws: `too-long` for more tokens than the model can read, or a method leaves.
    package static func require(
        _ length: Int, of name: String, _ model: any LanguageModel, under tuning: Tuning?
    ) throws {
        let (context, room) = (model.config.context, model.room(under: tuning))
        guard length > room else { return }
        let why = room < context ? ", \((context - room).grouped) of them virtual tokens' places" : ""
        throw Diagnostic(
            "too-long", "max_length=\(length) is more than \(name) can read, \(context.grouped) tokens\(why)",
            hint: "max_length=\(room) or less")
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

    /// The task, with texts as long as asked for, or as a method's own rows leave room.
    ///
    /// - Throws: `too-long`, or what the task needs of the model and has not.
    package func task(for request: TaskRequest) throws -> any LearningTask {
        if let wanted = request.maxLength {
            try TaskRequest.require(wanted, of: request.name, request.model, under: nil)
        }
        let room = request.model.config.context - request.taken
        return try make(request, min(request.maxLength ?? usualLength, room))
    }
}
