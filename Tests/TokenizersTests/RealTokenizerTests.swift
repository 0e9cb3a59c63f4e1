import Checkpoints
import Foundation
import JSON
import Testing

@testable import Tokenizers

/// The tokenizers of the default models and of GPT-2.
@Suite struct RealTokenizerTests {
    @Test(.enabled(if: Inputs.minilm != nil, "needs the model minilm"))
    func minilmAgrees() throws {
        let folder = try #require(Inputs.minilm)
        let golden = try Golden("minilm")
        let tokenizer = try TokenizerLoader.load(folder: folder)
        golden.check(tokenizer)
        #expect(tokenizer.vocabularySize == 30522)
        #expect(tokenizer.special.cls == 101)
        #expect(tokenizer.special.sep == 102)
        #expect(tokenizer.special.pad == 0)
        if let reviews = Inputs.reviews { golden.check(tokenizer, reviews: reviews) }
    }

    @Test(.enabled(if: Inputs.minilm != nil, "needs the model minilm"))
    func minilmsVocabTxtAgrees() throws {
        let folder = try #require(Inputs.minilm)
        let golden = try Golden("minilm")
        let files = TokenizerFiles(folder: folder)
        let tokenizer = try VocabularyFiles.wordPiece(files, TokenizerConfig(files))
        golden.check(tokenizer)
        if let reviews = Inputs.reviews { golden.check(tokenizer, reviews: reviews) }
    }

    @Test(.enabled(if: Inputs.smollm2 != nil, "needs the model smollm2"))
    func smollm2FromGGUFAgrees() throws {
        let file = try GGUFFile(path: #require(Inputs.smollm2))
        let golden = try Golden("smollm2")
        let tokenizer = try TokenizerLoader.load(ggufMetadata: file.metadata)
        golden.check(tokenizer)
        #expect(tokenizer.vocabularySize == 49152)
        #expect(tokenizer.special.bos == 1)
        #expect(tokenizer.special.eos == 2)
        if let reviews = Inputs.reviews { golden.check(tokenizer, reviews: reviews) }
    }

    @Test(.enabled(if: Inputs.smollm2 != nil, "needs the model smollm2"))
    func smollm2FromTokenizerJSONAgrees() throws {
        let file = try GGUFFile(path: #require(Inputs.smollm2))
        let golden = try Golden("smollm2")
        let json = SmolLM2.tokenizerJSON(of: file.metadata)
        let config = try TokenizerConfig(TokenizerFiles(folder: "/none"))
        golden.check(try TokenizerJSON(json: json, config: config).tokenizer())
    }

    @Test(.enabled(if: Inputs.gpt2 != nil, "needs ../shared/models/gpt2-tokenizer"))
    func gpt2Agrees() throws {
        let golden = try Golden("gpt2")
        let tokenizer = try TokenizerLoader.load(folder: #require(Inputs.gpt2))
        golden.check(tokenizer)
        #expect(tokenizer.vocabularySize == 50257)
        #expect(tokenizer.special.eos == 50256)
        #expect(tokenizer.id(of: "Ġthe") == 262)
        #expect(tokenizer.token(of: 262) == "Ġthe")
        if let reviews = Inputs.reviews { golden.check(tokenizer, reviews: reviews) }
    }
}

/// SmolLM2's tokenizer.json, put together from what its GGUF file carries.
private enum SmolLM2 {
    static func tokenizerJSON(of metadata: JSON) -> JSON {
        let tokens = metadata["tokenizer.ggml.tokens"]?.array ?? []
        let types = metadata["tokenizer.ggml.token_type"]?.array ?? []
        let vocabulary = JSONObject(tokens.enumerated().map { ($1.string ?? "", JSON.integer($0)) })
        let added = zip(tokens, types).enumerated().filter { $1.1.integer == 3 }.map { id, token -> JSON in
            ["id": .integer(id), "content": token.0, "special": true, "normalized": false]
        }
        return [
            "truncation": ["max_length": 5, "strategy": "LongestFirst", "stride": 0],
            "padding": ["strategy": ["Fixed": 9], "pad_id": 0],
            "added_tokens": .array(added),
            "pre_tokenizer": [
                "type": "Sequence",
                "pretokenizers": [
                    ["type": "Digits", "individual_digits": true],
                    ["type": "ByteLevel", "add_prefix_space": false, "use_regex": true],
                ],
            ],
            "decoder": ["type": "ByteLevel"],
            "model": [
                "type": "BPE", "vocab": .object(vocabulary),
                "merges": metadata["tokenizer.ggml.merges"] ?? [],
            ],
        ]
    }
}
