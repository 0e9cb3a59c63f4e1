import JSON
import Testing
import Training

@testable import Interchange

/// tokenizer.json made from a GGUF header.
@Suite struct GGUFTokenizerFilesTests {
    private func metadata(_ more: JSONObject) -> JSON {
        var header: JSONObject = [
            "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2",
            "tokenizer.ggml.tokens": ["a", "<s>", "</s>"], "tokenizer.ggml.token_type": [1, 3, 3],
            "tokenizer.ggml.merges": [], "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2,
        ]
        for (key, value) in more { header["tokenizer.ggml.\(key)"] = value }
        return .object(header)
    }

    @Test func theTemplateEndsATextAsTheHeaderSays() throws {
        let both = try #require(
            GGUFTokenizerFiles(metadata(["add_bos_token": true, "add_eos_token": true])))
        let single = both.tokenizer["post_processor"]?["single"]
        #expect(single?[0]?["SpecialToken"]?["id"] == "<s>")
        #expect(single?[2]?["SpecialToken"]?["id"] == "</s>")
        #expect(both.tokenizer["post_processor"]?["special_tokens"]?["</s>"]?["ids"] == [2])
        let ending = try #require(GGUFTokenizerFiles(metadata(["add_eos_token": true])))
        #expect(ending.tokenizer["post_processor"]?["single"]?.array?.count == 2)
        let neither = try #require(GGUFTokenizerFiles(metadata([:])))
        #expect(neither.tokenizer["post_processor"]?.isNull == true)
    }

    @Test func aSpaceBeforeTheFirstWordIsNotLost() {
        #expect(GGUFTokenizerFiles(metadata(["add_space_prefix": true])) == nil)
    }
}
