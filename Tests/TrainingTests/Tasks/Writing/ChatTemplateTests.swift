import Checkpoints
import Datasets
import Diagnostics
import Foundation
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Dialogues as tokens: those of Transformers' `apply_chat_template`.
@Suite struct ChatTemplateTests {
    struct Golden: Decodable {
        struct Ids: Decodable { let ids, asked: [[Int32]] }
        let dialogues: [[[String]]]
        let templates: [String: Ids]

        init(from decoder: any Swift.Decoder) throws {
            struct Key: CodingKey {
                let stringValue: String
                let intValue: Int? = nil
                init(stringValue: String) { self.stringValue = stringValue }
                init?(intValue: Int) { nil }
            }
            let values = try decoder.container(keyedBy: Key.self)
            dialogues = try values.decode([[[String]]].self, forKey: Key(stringValue: "dialogues"))
            templates = try Dictionary(
                uniqueKeysWithValues: values.allKeys.filter { $0.stringValue != "dialogues" }.map {
                    ($0.stringValue, try values.decode(Ids.self, forKey: $0))
                })
        }
    }

    private static let smolLM2: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["LORIKEET_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache")
            + "/lorikeet"
        let folder = "\(cache)/models/smollm2"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.first { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
    }()

    private func compare(_ name: String, _ template: PromptTemplate, _ tokenizer: any Tokenizer) throws {
        let golden = try WritingGolden.read("chat", as: Golden.self)
        let wanted = try #require(golden.templates[name])
        guard case .dialogue(let render) = try template.resolved(for: tokenizer).form else {
            Issue.record("\(name) is no template of dialogues")
            return
        }
        let encoder = SegmentEncoder(try template.resolved(for: tokenizer), tokenizer: tokenizer)
        for (index, spoken) in golden.dialogues.enumerated() {
            let turns = WritingGolden.turns(spoken)
            let found = encoder.encode(render(turns, false)) {
                $0.isSaid && turns[$0.turn].role == .assistant
            }
            #expect(found.ids == wanted.ids[index], "\(name), dialogue \(index)")
            #expect(found.learned.contains(true) && found.learned.contains(false))
            let asked = encoder.encode(render(Array(turns.dropLast()), true)) { _ in false }
            #expect(asked.ids == wanted.asked[index], "\(name), dialogue \(index), asked")
        }
    }

    @Test(arguments: [("llama2", "llama"), ("zephyr", "llama"), ("llama2", "llama-metaspace")])
    func dialoguesHaveTheReferencesTokens(template: String, tokenizer: String) throws {
        let folder = GoldenFiles.folder.appending(path: "tokenizers/\(tokenizer)").path
        try compare(
            "\(template) \(tokenizer)", TemplateRegistry.named(template), TokenizerLoader.load(folder: folder)
        )
    }

    @Test(.enabled(if: smolLM2 != nil, "smollm2 is not in the cache"), arguments: ["chatml", "chat"])
    func smolLM2sDialoguesHaveTheReferencesTokens(template: String) throws {
        let metadata = try CheckpointFolder.open(path: try #require(Self.smolLM2)).metadata
        try compare(
            "\(template) smollm2", TemplateRegistry.named(template),
            TokenizerLoader.load(ggufMetadata: metadata))
    }

    @Test func whatDataWriteOutIsText() throws {
        let folder = GoldenFiles.folder.appending(path: "tokenizers/llama").path
        let tokenizer = try TokenizerLoader.load(folder: folder)
        let end = try #require(tokenizer.special.eos)
        #expect(tokenizer.encode("a </s> b").contains(end))
        let ids = tokenizer.encode(runs: [[.words("a </s> b"), .markup("</s>"), .words("</s>")]])[0]
        #expect(ids.count { $0 == end } == 1)
        #expect(tokenizer.decode(ids, skippingSpecialTokens: false).count(where: { $0 == "/" }) == 3)
    }

    @Test func aTemplateThatIsNotKnownIsNotGuessedAt() {
        struct Named: Tokenizer {
            var chatTemplate: String?
            let own = WordNumbers()
            var vocabularySize: Int { own.vocabularySize }
            var special: SpecialTokens { own.special }
            var template: Template { own.template }
            func encode(_ text: String) -> [Int32] { own.encode(text) }
            func decode(_ ids: [Int32], skippingSpecialTokens: Bool) -> String { "" }
            func id(of token: String) -> Int32? { nil }
            func token(of id: Int32) -> String? { nil }
        }
        func code(_ text: String?) -> String? {
            let found = Result { try PromptTemplate.ofModel.resolved(for: Named(chatTemplate: text)) }
            guard case .failure(let problem) = found else { return nil }
            return (problem as? Diagnostic)?.code
        }
        #expect(code(nil) == "no-chat-template")
        #expect(code("{{ messages }}") == "unknown-chat-template")
        // ChatML, with other white space where Jinja passes it over.
        let turn = "{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
        let whole =
            "{% for message in messages %}\(turn){%endfor%}{%   if add_generation_prompt %}"
            + "{{ '<|im_start|>assistant\n' }}{% endif %}\n"
        #expect(code(whole) == nil)
        #expect(code(whole.replacing("assistant", with: "helper")) == "unknown-chat-template")
    }
}
