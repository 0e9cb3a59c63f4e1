import JSON
import Testing

@testable import Tokenizers

/// What a class of Transformers makes itself is said where the file has something else.
@Suite struct PassedOverPartsTests {
    private func remark(_ base: String, _ parts: JSONObject, _ config: String) throws -> String? {
        let variant = Variant(json: [
            "base": .string(base), "tokenizer": .object(parts),
            "files": ["tokenizer_config.json": .string(config)],
        ])
        return try variant.tokenizer().remarks.first
    }

    private static let bert = #"{"tokenizer_class": "BertTokenizer", "do_lower_case": false}"#

    @Test func aFileThatSaysTheSameNeedsNoWord() throws {
        #expect(try remark("cased-wordpiece", [:], Self.bert) == nil)
        let legacy = #"{"tokenizer_class": "LlamaTokenizer", "legacy": true}"#
        #expect(try remark("llama", [:], legacy) == nil)
        #expect(try remark("llama-metaspace", [:], #"{"tokenizer_class": "LlamaTokenizer"}"#) == nil)
        // Read as it is, nothing is passed over.
        let fast = #"{"tokenizer_class": "PreTrainedTokenizerFast"}"#
        #expect(try remark("cased-wordpiece", ["normalizer": ["type": "NFC"]], fast) == nil)
    }

    private static let others: [(parts: JSONObject, name: String)] = [
        (["normalizer": ["type": "NFC"]], "normalizer"), (["normalizer": nil], "normalizer"),
        (["normalizer": ["type": "BertNormalizer", "lowercase": true]], "normalizer.lowercase"),
        (
            ["normalizer": ["type": "BertNormalizer", "clean_text": false, "lowercase": false]],
            "normalizer.clean_text"
        ),
        (["pre_tokenizer": ["type": "WhitespaceSplit"]], "pre_tokenizer"),
        (["model__max_input_chars_per_word": 5], "model.max_input_chars_per_word"),
        (["model__continuing_subword_prefix": "@@"], "model.continuing_subword_prefix"),
        (["post_processor": nil], "post_processor"),
    ]

    @Test(arguments: others)
    func aPartThatSaysSomethingElseIsNamed(parts: JSONObject, name: String) throws {
        let found = try remark("cased-wordpiece", parts, Self.bert)
        #expect(found?.contains(name) == true, "\(String(describing: found))")
        #expect(found?.contains("BertTokenizer") == true)
    }

    @Test func otherClassesToo() throws {
        let config = #"{"tokenizer_class": "LlamaTokenizer", "legacy": false}"#
        #expect(try remark("llama", [:], config)?.contains("prepend_scheme") == true)
    }
}
