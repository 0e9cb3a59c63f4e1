import Datasets
import Foundation
import JSON
import Learning
import Models
import Testing
import Tokenizers
import Training

/// How texts become the tokens that the tasks learn from.
@Suite struct EncodingTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Golden/fixtures")

    /// The tiny LLaMA tokenizer, with the end token after each text: `<s> A </s>`.
    private func tokenizer(ending: Bool = true) throws -> any Tokenizer {
        let source = Self.golden.appending(path: "tokenizers/llama/tokenizer.json")
        var json = try #require(JSON(parsing: Data(contentsOf: source)).object)
        if ending {
            let template =
                #"{"type":"TemplateProcessing","single":[\#(part("<s>")),{"Sequence":{"id":"A","#
                + #""type_id":0}},\#(part("</s>"))],"pair":[],"special_tokens":{"<s>":{"id":"<s>","ids":[1],"#
                + #""tokens":["<s>"]},"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}}"#
            json["post_processor"] = try JSON(parsing: template)
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(JSON.object(json).text().utf8).write(to: folder.appending(path: "tokenizer.json"))
        return try TokenizerLoader.load(folder: folder.path(percentEncoded: false))
    }

    private func part(_ name: String) -> String { #"{"SpecialToken":{"id":"\#(name)","type_id":0}}"# }

    private func model(padding: Int? = nil) throws -> any LanguageModel {
        let source = Self.golden.appending(path: "models/llama")
        guard let padding else { return try ModelLoader.load(path: source.path) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: source, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "config.json")
        var json = try #require(JSON(parsing: Data(contentsOf: file)).object)
        json["pad_token_id"] = .integer(padding)
        try Data(JSON.object(json).text().utf8).write(to: file)
        return try ModelLoader.load(path: folder.path)
    }

    private let long = "It was a long film, and a good one too, with a story and a song in it."

    /// One row of at most 12 tokens.
    private func row(
        _ text: String, padding: Int? = nil, pooling: Pooling? = nil
    ) throws -> (ids: [Int32], cut: Int) {
        let task = SequenceClassification(
            model: try model(padding: padding), tokenizer: try tokenizer(), labels: ["bad", "good"],
            pooling: pooling, maxLength: 12, seed: 1)
        let encoded = try task.encoder.encode(Example(text: text, id: 0), nil)
        #expect(encoded.rows.count == 1)
        return (try #require(encoded.rows.first).ids, encoded.cut)
    }

    @Test func aTextThatIsCutKeepsTheTokenThatEndsIt() throws {
        let encoded = try row(long)
        let whole = try tokenizer().encode(long, addingSpecialTokens: true)
        #expect(encoded.ids == Array(whole.prefix(11)) + [2])
        #expect(encoded.cut == whole.count - 12)
    }

    /// As Transformers finds a sequence's last token: by the id that pads the ones beside it.
    @Test func theLastTokenIsTheLastThatDoesNotPad() throws {
        let encoded = try row(long, padding: 2)
        let whole = try tokenizer().encode(long, addingSpecialTokens: true)
        #expect(encoded.ids == Array(whole.prefix(11)))
        #expect(try row(long, padding: 0).ids.last == 2)
        let mean = try row(long, padding: 2, pooling: .mean)
        #expect(mean.ids.last == 2)
    }

    @Test func aSequenceOfPaddingAloneIsReadAtItsFirstToken() throws {
        let encoded = try row("<s><s>", padding: 1)
        #expect(encoded.ids == [1, 2])
        let only = try row("", padding: 2)
        #expect(only.ids == [1])
    }

    @Test func aRowIsKnownByItsTokensAndItsRole() throws {
        #expect(Row.identity(of: [1, 2, 3]) == Row.identity(of: [1, 2, 3]))
        let others = [
            Row.identity(of: [1, 2, 3]), Row.identity(of: [1, 3, 2]), Row.identity(of: [1, 2]),
            Row.identity(of: [1, 2, 3], [0, 0, 1]), Row.identity(of: [1, 2, 3], role: 1),
        ]
        #expect(Set(others).count == others.count)
        let (model, tokenizer) = (try model(), try tokenizer())
        let encoder = SequenceEncoder(model: model, tokenizer: tokenizer, pooling: .mean, maxLength: 30)
        let twice = [0, 7].map { encoder.encode(Example(text: "a film", id: $0), nil).rows.map(\.identity) }
        #expect(twice[0] == twice[1])
    }

    @Test func aPromptAndItsAnswerHaveNoEndTokenBetweenThem() throws {
        let tokenizer = try tokenizer()
        let writing = try AnswerWriting(
            model: try model(), tokenizer: tokenizer, labels: ["bad", "good"],
            template: try TemplateRegistry.named("plain"), maxLength: 60)
        let encoded = try #require(
            try writing.encoder.encode(Example(text: "a film", label: 0, id: 0), nil).rows.first)
        #expect(encoded.ids.first == 1)
        #expect(encoded.ids.dropLast().contains(2) == false)
        #expect(encoded.ids.last == 2)
        let answer = tokenizer.encode("bad", addingSpecialTokens: false) + [2]
        #expect(Array(encoded.ids[encoded.promptCount...]) == answer)
        #expect(encoded.learned.map(\.target) == answer.map { .label(Int($0)) })
        #expect(encoded.learned.map(\.place) == encoded.ids.indices.dropLast().suffix(answer.count))
    }

    /// What begins a sequence, and what ends one, stands there once though the text has it written out.
    @Test func whatTheTokenizerAddsIsTakenOnce() throws {
        let (model, tokenizer) = (try model(), try tokenizer())
        let encoder = SequenceEncoder(model: model, tokenizer: tokenizer, pooling: .mean, maxLength: 30)
        let (plain, marked) = (
            encoder.encode(Example(text: "a film", id: 0), nil),
            encoder.encode(Example(text: "<s>a film</s>", id: 1), nil)
        )
        #expect(plain.doubled == 0 && marked.doubled == 2)
        #expect(plain.rows == marked.rows)
        #expect(tokenizer.encode("<s>a film</s>", addingSpecialTokens: true).prefix(2) == [1, 1])
    }

    /// Also where a prompt begins with it, or the text that goes into one.
    @Test(arguments: ["plain", "llama2"])
    func aPromptBeginsOnce(name: String) throws {
        let model = try model()
        func row(_ text: String, asking instruction: String = "Which?") throws -> EncodedExample {
            try AnswerEncoder(
                tokenizer: tokenizer(ending: false), template: TemplateRegistry.named(name),
                instruction: instruction, words: [[5], [6]], maxLength: model.config.context
            ).encode(Example(text: text, label: 0, id: 0), nil)
        }
        let (plain, marked) = (try row("a film"), try row("<s>a film"))
        #expect(plain.rows == marked.rows && plain.doubled == 0 && marked.doubled == 1)
        #expect(marked.rows[0].ids.count { $0 == 1 } == 1)
        let asked = try row("", asking: "<s>Which?")
        guard name == "plain" else { return }
        #expect(asked.rows[0].ids.count { $0 == 1 } == 1 && asked.doubled == 1)
        #expect(try asked.rows == row("").rows)
    }
}
