import Diagnostics
import Foundation
import JSON
import Testing

@testable import Tokenizers

@Suite struct LoadingTests {
    private func message(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing"
        } catch { return "\(error)" }
    }

    /// Loads a folder of these files.
    private func load(_ files: [String: String]) throws -> any Tokenizer {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        return try TokenizerLoader.load(folder: folder.path(percentEncoded: false))
    }

    private let words = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nun\n##do\n##ne\ngo\n"

    @Test func aFolderWithoutATokenizerSaysWhatIsExpected() {
        let text = message { _ = try load(["README": ""]) }
        #expect(text.contains("expected tokenizer.json, vocab.json with merges.txt, or vocab.txt"))
        #expect(message { _ = try load(["tokenizer.model": "x"]) }.contains("convert it to tokenizer.json"))
    }

    @Test func vocabTxtAloneIsAnUncasedTokenizer() throws {
        let tokenizer = try load(["vocab.txt": words])
        #expect(tokenizer.encode("Undo gone [CLS]", addingSpecialTokens: true) == [2, 4, 5, 7, 6, 2, 3])
        #expect(tokenizer.encode("Undo xyz", addingSpecialTokens: false) == [4, 5, 1])
        #expect(tokenizer.encode("un", "go").segments == [0, 0, 0, 1, 1])
        #expect(tokenizer.decode([2, 4, 5, 7, 3], skippingSpecialTokens: true) == "undo go")
        #expect(tokenizer.special.pad == 0)
        #expect(tokenizer.vocabularySize == 8)
        let crlf = try load(["vocab.txt": words.replacingOccurrences(of: "\n", with: "\r\n")])
        #expect(crlf.encode("go", addingSpecialTokens: false) == [7])
    }

    @Test func canonicallyEquivalentTokensKeepTheirOwnIDs() throws {
        let json =
            #"{"model":{"type":"BPE","vocab":{"\u00e9":0,"e\u0301":1,"e":2,"\u0301":3},"#
            + #""merges":["e \u0301"]}}"#
        let tokenizer = try load(["tokenizer.json": json])
        #expect(tokenizer.encode("\u{e9}", addingSpecialTokens: false) == [0])
        #expect(tokenizer.encode("e\u{301}", addingSpecialTokens: false) == [1])
        #expect(tokenizer.id(of: "e\u{301}") == 1)
    }

    @Test func anUnsupportedPartIsNamedWithWhatIsSupported() {
        func loading(_ json: String) -> String { message { _ = try load(["tokenizer.json": json]) } }
        #expect(
            loading(#"{"model":{"type":"Unigram","vocab":[]}}"#).contains("model Unigram is not supported"))
        let pre = #"{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"x+"}},"model":{"type":"BPE"}}"#
        #expect(
            loading(pre).contains("expression x+ is not supported; known: those of GPT-2, LLaMA 3, Qwen 2"))
        let normalizer = #"{"normalizer":{"type":"Precompiled"},"model":{"type":"BPE"}}"#
        #expect(loading(normalizer).contains("normalizer Precompiled is not supported"))
    }

    @Test func whatIsDamagedIsNamed() {
        func loading(_ json: String) -> String { message { _ = try load(["tokenizer.json": json]) } }
        #expect(loading("{").contains("tokenizer.json: not valid JSON"))
        #expect(loading("").contains("found nothing"))
        #expect(loading("[]").contains("has no model"))
        #expect(loading(#"{"model":{"type":"BPE"}}"#).contains("has no vocabulary"))
        let ids = #"{"model":{"type":"BPE","vocab":{"a":2000000000},"merges":[]}}"#
        #expect(loading(ids).contains("the token a has the id 2000000000, expected 0 to 1027 for 1 tokens"))
        let merge = #"{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}"#
        #expect(loading(merge).contains("the merges name b, which the vocabulary does not have"))
        let template =
            #"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"post_processor":{"type":"BertProcessing","#
            + #""sep":["x",5],"cls":["a",0]}}"#
        #expect(loading(template).contains("the template names the token 5, which there is not"))
        #expect(message { _ = try load(["vocab.txt": "a\nb\n"]) }.contains("vocab.txt has no [UNK]"))
    }

    @Test func aGGUFFileWithoutATokenizerSaysSo() {
        #expect(message { _ = try TokenizerLoader.load(ggufMetadata: [:]) }.contains("carries no tokenizer"))
        let other: JSON = ["tokenizer.ggml.model": "bert", "tokenizer.ggml.tokens": ["a"]]
        #expect(
            message { _ = try TokenizerLoader.load(ggufMetadata: other) }.contains(
                "supported; known: gpt2, llama"))
        let pre: JSON = [
            "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.tokens": ["a"], "tokenizer.ggml.merges": [],
            "tokenizer.ggml.pre": "novel",
        ]
        #expect(
            message { _ = try TokenizerLoader.load(ggufMetadata: pre) }.contains("novel is not supported"))
    }

    @Test func aNullInTheConfigurationMeansNone() throws {
        let json = #"{"model":{"type":"BPE","vocab":{"<|endoftext|>":0,"a":1},"merges":[]}}"#
        #expect(try load(["tokenizer.json": json]).special.bos == 0)
        let config = #"{"bos_token":null,"eos_token":{"content":"<|endoftext|>"}}"#
        let special = try load(["tokenizer.json": json, "tokenizer_config.json": config]).special
        #expect(special.bos == nil)
        #expect(special.eos == 0)
    }

    @Test func replacementsThatDoubleTheTextComeToAnEnd() throws {
        let step = #"{"type":"Replace","pattern":{"String":"a"},"content":"aa"}"#
        let steps = Array(repeating: step, count: 60).joined(separator: ",")
        let json =
            #"{"normalizer":{"type":"Sequence","normalizers":["# + steps
            + #"]},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#
        let tokenizer = try load(["tokenizer.json": json])
        #expect(tokenizer.encode("aaaa", addingSpecialTokens: false).count < 20_000)
    }
}
