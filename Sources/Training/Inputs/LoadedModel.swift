import Learning
import Models
import Synchronization
import Tokenizers

/// A model with its tokenizer, as `model` brought it in.
package final class LoadedModel: Sendable {
    /// What the person called it.
    package let name: String
    /// A package and version, or a path.
    package let source: String
    package let model: any LanguageModel
    package let tokenizer: any Tokenizer
    package let pooling: Pooling
    /// Tokens that end a text it writes, besides the tokenizer's end.
    package let ends: Set<Int32>
    /// Whether the weights are random, so that everything should train.
    package let isUntrained: Bool
    /// What the weights as they were loaded have been tuned on, as far as notes beside them say.
    package let seen: SeenTexts
    /// Keys of its files that the person goes on without.
    package let ignored: [String]
    /// What its files hold and the model does without, each a sentence.
    package let remarks: [String]
    /// How the same one is had again: what was asked for, with what was found for the rest.
    package let request: ModelRequest
    /// The classifier in its files, where it was asked for: what a method begins with.
    package let head: (any HeadSource)?
    private let hash: SharedHash

    package convenience init(
        name: String, source: String, model: any LanguageModel, tokenizer: any Tokenizer,
        pooling: Pooling? = nil, ends: Set<Int32> = [], isUntrained: Bool = false,
        seen: SeenTexts = SeenTexts(),
        ignored: [String] = [], remarks: [String] = [], request: ModelRequest, head: (any HeadSource)? = nil
    ) {
        self.init(
            name: name, source: source, model: model, tokenizer: tokenizer, pooling: pooling, ends: ends,
            isUntrained: isUntrained, seen: seen, ignored: ignored, remarks: remarks, request: request,
            head: head, hash: SharedHash())
    }

    private init(
        name: String, source: String, model: any LanguageModel, tokenizer: any Tokenizer,
        pooling: Pooling?, ends: Set<Int32>, isUntrained: Bool, seen: SeenTexts, ignored: [String],
        remarks: [String],
        request: ModelRequest, head: (any HeadSource)?, hash: SharedHash
    ) {
        self.name = name
        self.source = source
        self.model = model
        self.tokenizer = tokenizer
        self.pooling = pooling ?? model.defaultPooling
        self.ends = ends
        self.isUntrained = isUntrained
        self.seen = seen
        self.ignored = ignored
        self.remarks = remarks
        self.head = head
        self.hash = hash
        var request = request
        request.pooling = self.pooling
        self.request = request
    }

    /// Of all its weights, see `ModelHash`; computed once.
    package var weightsHash: String { hash.value { ModelHash.text(of: model) } }

    /// A hash that all copies of a loaded model share.
    private final class SharedHash: Sendable {
        private let known = Mutex<String?>(nil)

        func value(_ compute: () -> String) -> String {
            known.withLock { known in
                if let known { return known }
                let made = compute()
                known = made
                return made
            }
        }
    }
}

extension LoadedModel {
    /// The same model, read otherwise or with more known of its past.
    ///
    /// - `headNorm`: what a classifier that was opened has before it, in place of what was asked for.
    package func with(
        pooling: Pooling? = nil, headNorm: HeadNorm?? = nil, seen: SeenTexts? = nil
    ) -> LoadedModel {
        var request = request
        if let headNorm { request.headNorm = headNorm }
        return LoadedModel(
            name: name, source: source, model: model, tokenizer: tokenizer,
            pooling: pooling ?? self.pooling, ends: ends, isUntrained: isUntrained, seen: seen ?? self.seen,
            ignored: ignored, remarks: remarks, request: request, head: head, hash: hash)
    }

    /// What was passed over in its files, each a sentence to show.
    package var notes: [String] {
        (ignored.isEmpty ? [] : ["goes on without \(ignored.joined(separator: ", "))"]) + remarks
    }
}
