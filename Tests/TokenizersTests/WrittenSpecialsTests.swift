import Foundation
import JSON
import Testing

@testable import Tokenizers

/// Special tokens that texts have written around them, though the tokenizer adds them itself.
@Suite struct WrittenSpecialsTests {
    private func tokenizer(_ name: String) throws -> any Tokenizer {
        try TokenizerLoader.load(folder: "\(Golden.folder)/tokenizers/\(name)")
    }

    @Test(arguments: [
        ("cased-wordpiece", ["[CLS]", "[SEP]"]), ("llama", ["<s>"]), ("llama3", ["<|begin_of_text|>"]),
    ])
    func whatATokenizerAddsIsKnownByHowItIsWritten(name: String, written: [String]) throws {
        #expect(try tokenizer(name).writtenSpecials == written)
    }

    /// The trap: the token is added, and the text has it too.
    @Test(arguments: ["llama", "llama3", "cased-wordpiece"])
    func oneOfTwoIsTaken(name: String) throws {
        let tokenizer = try tokenizer(name)
        let special = try #require(tokenizer.writtenSpecials.first)
        let first = try #require(tokenizer.id(of: special))
        let text = "\(special)a good film"
        #expect(tokenizer.encode(text, addingSpecialTokens: true).prefix(2) == [first, first])
        let (rest, count) = WrittenSpecials(of: tokenizer).removed(from: text)
        #expect(rest == "a good film" && count == 1)
        // What is left reads as it read behind the token.
        let behind = tokenizer.encode(text, addingSpecialTokens: false)
        #expect(tokenizer.encode(rest, addingSpecialTokens: false) == Array(behind.dropFirst()))
    }

    @Test(arguments: [
        ("[CLS] a film [SEP]", " a film ", 2), ("[CLS][CLS]a film", "a film", 2),
        (" \n[CLS]a film[SEP] ", "a film", 2), ("a [CLS] film", "a [CLS] film", 0), ("[CLS]", "", 1),
        ("", "", 0), (" a film ", " a film ", 0), ("[cls] a film", "[cls] a film", 0),
    ])
    func onlyWhatStandsAroundATextGoes(text: String, rest: String, count: Int) throws {
        let written = WrittenSpecials(of: try tokenizer("cased-wordpiece"))
        let removed = written.removed(from: text)
        #expect(removed.text == rest && removed.count == count)
    }

    @Test func aTokenizerThatAddsNothingLeavesTextsAsTheyAre() throws {
        var metadata = try #require(Golden.json("tokenizers/sentencepiece-gguf.json").object)
        #expect(try TokenizerLoader.load(ggufMetadata: .object(metadata)).writtenSpecials == ["<s>"])
        metadata["tokenizer.ggml.add_bos_token"] = false
        let tokenizer = try TokenizerLoader.load(ggufMetadata: .object(metadata))
        #expect(tokenizer.writtenSpecials.isEmpty)
        #expect(WrittenSpecials(of: tokenizer).removed(from: "<s>a film").text == "<s>a film")
    }

    /// For the nano models a special token that is written out is text like any other.
    @Test func whatIsNoTokenInATextStays() {
        let written = WrittenSpecials(of: NanoTokenizer(isEncoder: true))
        #expect(written.removed(from: "[CLS] a film [SEP]").count == 0)
    }
}
