import Checkpoints
import Diagnostics
import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Tokenizers as a GGUF header says them, read again.
@Suite struct GGUFVocabularyTests {
    private static func metadata(_ made: GGUFVocabulary) -> JSON {
        var header: JSONObject = [
            "tokenizer.ggml.model": .string(made.model), "tokenizer.ggml.pre": .string(made.pre),
            "tokenizer.ggml.tokens": .array(made.tokens.map(JSON.string)),
            "tokenizer.ggml.token_type": .array(made.types.map { .integer(Int($0)) }),
            "tokenizer.ggml.add_bos_token": .bool(made.addsBOS),
            "tokenizer.ggml.add_eos_token": .bool(made.addsEOS),
        ]
        if let scores = made.scores {
            header["tokenizer.ggml.scores"] = .array(scores.map { .number(Double($0)) })
        }
        if let merges = made.merges { header["tokenizer.ggml.merges"] = .array(merges.map(JSON.string)) }
        if let adds = made.addsSpace { header["tokenizer.ggml.add_space_prefix"] = .bool(adds) }
        for (name, id) in [
            ("bos", made.special.bos), ("eos", made.special.eos), ("unknown", made.special.unk),
        ] {
            if let id { header["tokenizer.ggml.\(name)_token_id"] = .integer(Int(id)) }
        }
        return .object(header)
    }

    private static func compare(_ tokenizer: any Tokenizer) throws {
        let made = try tokenizer.gguf(tokens: tokenizer.vocabularySize + 3)
        #expect(made.tokens.count == tokenizer.vocabularySize + 3 && made.types.suffix(3) == [5, 5, 5])
        let again = try TokenizerLoader.load(ggufMetadata: metadata(made))
        // The unknown token, written out, is one to llama.cpp, and a text to SentencePiece.
        for text in Golden.cases where !text.contains("<unk>") {
            let (wanted, found) = (
                tokenizer.encode(text, addingSpecialTokens: true),
                again.encode(text, addingSpecialTokens: true)
            )
            #expect(found == wanted, "\(text.debugDescription)")
        }
    }

    /// SentencePiece's pieces as LLaMA's own files have them, without the token that takes white space along.
    @Test func scoresMadeOfMergesMakeTheSameTokens() throws {
        let whole = try Golden.json("tokenizers/llama/tokenizer.json")
        #expect(throws: Diagnostic.self) { try Self.tokenizer(whole).gguf(tokens: 100) }
        try Self.compare(Self.tokenizer(Self.withoutStripping(whole)))
    }

    /// Where a text begins with a space, Metaspace puts no further one before it.
    @Test func aSpaceThatIsPutBeforeSomeTextsAloneIsRefused() throws {
        let json = try Self.withoutStripping(Golden.json("tokenizers/llama-metaspace/tokenizer.json"))
        let problem = #expect(throws: Diagnostic.self) { try Self.tokenizer(json).gguf(tokens: 100) }
        #expect(problem?.message.contains("a space before every text") == true)
    }

    private static func withoutStripping(_ json: JSON) throws -> JSON {
        var object = try #require(json.object)
        let plain = (object["added_tokens"]?.array ?? []).filter { token in
            ["lstrip", "rstrip", "single_word"].allSatisfy { token[$0]?.bool != true }
        }
        object["added_tokens"] = .array(plain)
        return .object(object)
    }

    private static func tokenizer(_ json: JSON) throws -> any Tokenizer {
        try TokenizerJSON(json: json, config: TokenizerConfig(own: [:])).tokenizer()
    }

    @Test func scoresThatWereReadAreWrittenSoThatTokensStay() throws {
        let metadata = try Golden.json("tokenizers/sentencepiece-gguf.json")
        try Self.compare(TokenizerLoader.load(ggufMetadata: metadata))
    }

    @Test func aTextThatIsChangedBeforeItIsCutIsRefused() throws {
        let tokenizer = try TokenizerLoader.load(folder: "\(Golden.folder)/tokenizers/llama3")
        let problem = #expect(throws: Diagnostic.self) { try tokenizer.gguf(tokens: 1000) }
        #expect(problem?.code == "not-in-gguf")
    }

    @Test(.enabled(if: Inputs.smollm2 != nil, "SmolLM2 is not in the cache"))
    func theHeaderThatWasReadIsWrittenAgain() throws {
        let path = try #require(Inputs.smollm2)
        let metadata = try CheckpointFolder.open(path: path).metadata
        let tokenizer = try TokenizerLoader.load(ggufMetadata: metadata)
        let made = try tokenizer.gguf(tokens: tokenizer.vocabularySize)
        let again = Self.metadata(made)
        for key in ["model", "pre", "tokens", "token_type", "merges"] {
            #expect(again["tokenizer.ggml.\(key)"] == metadata["tokenizer.ggml.\(key)"], "\(key)")
        }
    }

    @Test func wordPieceIsRefused() throws {
        let tokenizer = try TokenizerLoader.load(folder: "\(Golden.folder)/tokenizers/cased-wordpiece")
        let problem = #expect(throws: Diagnostic.self) { try tokenizer.gguf(tokens: 100) }
        #expect(problem?.message.contains("WordPiece") == true)
    }

    @Test func anExpressionWithoutANameIsRefused() {
        #expect(GGUFPreTokenizer.name(of: [.gpt2], ignoresMerges: false) == "gpt-2")
        #expect(GGUFPreTokenizer.name(of: [.singleDigits, .gpt2], ignoresMerges: false) == "smollm")
        #expect(GGUFPreTokenizer.name(of: [.llama3(digits: 3)], ignoresMerges: true) == "llama-bpe")
        #expect(GGUFPreTokenizer.name(of: [.llama3(digits: 3)], ignoresMerges: false) == nil)
        #expect(GGUFPreTokenizer.name(of: [.digitRuns, .gpt2], ignoresMerges: false) == nil)
        #expect(GGUFPreTokenizer.name(of: [.singleDigits, .gpt2, .bert], ignoresMerges: false) == nil)
    }
}
