import JSON

/// Text to token ids and back, exactly as the model's reference tokenizer does it.
package protocol Tokenizer: Sendable {
    /// One more than the greatest id.
    var vocabularySize: Int { get }
    var special: SpecialTokens { get }
    /// How special tokens are put around one text or two.
    var template: Template { get }
    /// The end at which texts that are too long are cut.
    var truncationSide: TruncationSide { get }
    /// Whether the model is told which of two texts a token belongs to.
    var tellsSegments: Bool { get }
    /// What of its files is passed over, each a sentence to show.
    var remarks: [String] { get }
    /// The files that make it again, by name, where it was not read from any.
    var files: [String: JSON] { get }
    /// What a GGUF file says of it, by which llama.cpp makes the same tokens.
    ///
    /// - `count`: how many tokens the model has rows for.
    /// - Throws: `not-in-gguf` with what llama.cpp would do otherwise.
    func gguf(tokens count: Int) throws -> GGUFVocabulary

    /// A text's token ids, without special tokens around them.
    ///
    /// A special token written out in the text becomes that token. Nothing is truncated or padded.
    func encode(_ text: String) -> [Int32]

    /// A text that is put together of pieces, cut where a run of them ends.
    ///
    /// Within a run it is encoded as one text, so that a token may reach over from one piece into the next; none does from
    /// one run into another. No special tokens are put around it.
    ///
    /// - Returns: the ids of each run.
    func encode(runs: [[TextPiece]]) -> [[Int32]]

    /// The template of dialogues in its files, in Jinja; nil where there is none.
    var chatTemplate: String? { get }

    func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String

    func id(of token: String) -> Int32?
    func token(of id: Int32) -> String?
}

/// An end of a text.
package enum TruncationSide: String, Sendable {
    case left, right
}

extension Tokenizer {
    package var truncationSide: TruncationSide { .right }
    package var tellsSegments: Bool { true }
    package var files: [String: JSON] { [:] }
    package var remarks: [String] { [] }
    package var chatTemplate: String? { nil }

    package func gguf(tokens count: Int) throws -> GGUFVocabulary {
        throw GGUFVocabulary.impossible("it cuts texts as none of llama.cpp's does")
    }

    /// Token ids; with the model's own special tokens around them when asked ([CLS] … [SEP], BOS).
    package func encode(_ text: String, addingSpecialTokens: Bool) -> [Int32] {
        let ids = encode(text)
        return addingSpecialTokens ? template.assemble(ids, nil as [Int32]?).ids : ids
    }

    /// What a decoder reads between two texts where the template puts nothing there, so that the end of the first and the
    /// beginning of the second are no one word: a line break.
    package var pairSeparator: [Int32] {
        template.separatesPairs ? [] : encode(runs: [[.words("a")], [.markup("\n")]])[1]
    }

    /// Two texts with the model's special tokens; `segments` has 0 or 1 for each id.
    package func encode(_ first: String, _ second: String) -> (ids: [Int32], segments: [Int32]) {
        template.assemble(encode(first), encode(second))
    }

    /// A token that can pad sequences, since none ends with it.
    package var padding: Int32? {
        [special.pad, special.eos, special.unk, special.bos].compactMap { $0 }
            .first { !template.around.after.contains($0) }
    }

    /// A text that goes on: with the special tokens that stand before a text, without those after it.
    package func encode(beginning text: String) -> [Int32] { template.around.before + encode(text) }
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
