import Checkpoints
import Compute
import Diagnostics
import Foundation
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Tokens that Transformers writes, which `Tests/Golden/make_generation.py` noted.
@Suite struct GoldenGenerationTests {
    struct Written: Decodable {
        let prompt: [Int32]
        let tokens: [Int32]
        /// How far the two likeliest tokens lay apart.
        let gaps: [Double]
        let text: String?
    }

    private static func file(_ name: String) throws -> Data {
        try Data(contentsOf: GoldenFiles.folder.appending(path: "generation/\(name)"))
    }

    private static func settings(_ count: Int, ignoresEnds: Bool = false) -> GenerationSettings {
        var settings = GenerationSettings()
        (settings.maxTokens, settings.ignoresEnds) = (count, ignoresEnds)
        return settings
    }

    /// The place of the first token that differs though it was no near thing.
    private static func difference(_ found: [Int32], _ wanted: Written) -> Int? {
        guard found != wanted.tokens else { return nil }
        let place = zip(found, wanted.tokens).prefix { $0 == $1 }.count
        return place < wanted.gaps.count && wanted.gaps[place] < 1e-4 ? nil : place
    }

    @Test(arguments: ["gpt2", "gpt2-untied", "llama", "llama3"])
    func tinyModelsWriteWhatTransformersWrites(name: String) throws {
        let golden = try JSONDecoder().decode([String: [Written]].self, from: Self.file("tiny.json"))
        let wanted = try #require(golden[name])
        #expect(wanted.count == 3)
        let texts = try Generator(
            ModelLoader.load(path: GoldenFiles.model(name)), tokenizer: WordNumbers(),
            settings: Self.settings(20), workers: Workers(count: 2)
        ).write(wanted.map(\.prompt), interruption: Interruption()).texts
        for (text, wanted) in zip(texts, wanted) {
            #expect(Self.difference(text.tokens, wanted) == nil, "\(text.tokens), \(wanted.tokens)")
        }
    }

    /// Where a session keeps it, or LORIKEET_TEST_MODELS.
    private static let smolLM2: String? = {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["LORIKEET_HOME"] ?? (environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache")
            + "/lorikeet"
        let places = [environment["LORIKEET_TEST_MODELS"], "\(cache)/models"].compactMap(\.self)
        return places.flatMap { place -> [String] in
            let folder = "\(place)/smollm2"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return files.filter { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
        }.first
    }()

    @Test(.enabled(if: smolLM2 != nil, "smollm2 is not in the cache"))
    func smolLM2WritesWhatTransformersWrites() throws {
        let path = try #require(Self.smolLM2)
        let wanted = try JSONDecoder().decode([Written].self, from: Self.file("smollm2.json"))
        #expect(wanted.count == 20)
        let tokenizer = try TokenizerLoader.load(
            ggufMetadata: CheckpointFolder.open(path: path).metadata, ignoring: [])
        let workers = Workers()
        defer { workers.close() }
        let texts = try Generator(
            ModelLoader.load(path: path, precision: .f32), tokenizer: tokenizer,
            settings: Self.settings(64, ignoresEnds: true), workers: workers
        ).write(wanted.map(\.prompt), interruption: Interruption()).texts
        var same = 0
        for (text, wanted) in zip(texts, wanted) {
            let place = Self.difference(text.tokens, wanted)
            #expect(place == nil, "\(text.text), \(wanted.text ?? "")")
            if text.tokens == wanted.tokens {
                same += 1
                #expect(text.text == wanted.text)
            }
        }
        #expect(same >= 18)
    }
}
