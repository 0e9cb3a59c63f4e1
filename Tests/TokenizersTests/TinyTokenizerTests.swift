import Foundation
import JSON
import Testing

@testable import Tokenizers

/// The committed tokenizers, which the references trained.
@Suite struct TinyTokenizerTests {
    private func folder(_ name: String) -> String { "\(Golden.folder)/tokenizers/\(name)" }

    @Test(arguments: ["cased-wordpiece", "llama", "llama-metaspace", "llama3"])
    func tokenizerJSONAgreesOnHardCases(name: String) throws {
        try Golden(name).check(TokenizerLoader.load(folder: folder(name)))
    }

    @Test func vocabTxtAgreesWithTokenizerJSON() throws {
        let source = folder("cased-wordpiece")
        let copy = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try FileManager.default.copyItem(atPath: "\(source)/vocab.txt", toPath: "\(copy)/vocab.txt")
        // Cased, since the vocabulary has capitals: no configuration says so.
        try Golden("cased-wordpiece").check(TokenizerLoader.load(folder: copy))
    }

    @Test func sentencePieceScoresGiveItsMerges() throws {
        let metadata = try Golden.json("tokenizers/sentencepiece-gguf.json")
        try Golden("sentencepiece").check(TokenizerLoader.load(ggufMetadata: metadata), decoding: false)
    }

    @Test(
        .enabled(if: Inputs.reviews != nil, "needs ../shared/data/imdb"),
        arguments: ["cased-wordpiece", "llama", "llama-metaspace", "llama3", "sentencepiece"])
    func reviewsAgree(name: String) throws {
        let reviews = try #require(Inputs.reviews)
        let tokenizer =
            name == "sentencepiece"
            ? try TokenizerLoader.load(ggufMetadata: Golden.json("tokenizers/sentencepiece-gguf.json"))
            : try TokenizerLoader.load(folder: folder(name))
        try Golden(name).check(tokenizer, reviews: reviews)
    }
}
