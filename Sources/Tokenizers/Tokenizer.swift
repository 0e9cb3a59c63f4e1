/// Text to token ids and back, exactly as the model's reference tokenizer does it.
package protocol Tokenizer: Sendable {
    /// One more than the greatest id.
    var vocabularySize: Int { get }
    var special: SpecialTokens { get }

    /// Token ids; with the model's own special tokens around them when asked ([CLS] … [SEP], BOS).
    ///
    /// A special token written out in the text becomes that token. Nothing is truncated or padded.
    func encode(_ text: String, addingSpecialTokens: Bool) -> [Int32]

    /// Two texts with the model's special tokens; `segments` has 0 or 1 for each id.
    func encode(_ first: String, _ second: String) -> (ids: [Int32], segments: [Int32])

    func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String

    func id(of token: String) -> Int32?
    func token(of id: Int32) -> String?
}

/// The ids that have a meaning of their own to the model.
package struct SpecialTokens: Sendable, Equatable {
    package var bos: Int32?
    package var eos: Int32?
    package var cls: Int32?
    package var sep: Int32?
    package var pad: Int32?
    package var unk: Int32?
    package var mask: Int32?

    package init() {}
}
