import Diagnostics
import Foundation
import JSON
import Testing

@testable import Interchange

/// What ends a text, and what a model's makers ask for beyond what is done.
@Suite struct WritingFilesTests {
    private func read(_ files: [String: JSON], ignoring: Set<String> = []) throws -> WritingFiles {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, json) in files {
            try Data(json.utf8(indent: 1)).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        return try WritingFiles(beside: folder, vocabulary: 100, ignoring: ignoring)
    }

    @Test("one token ends a text, or any of several, and none that the model does not have")
    func ends() throws {
        #expect(try read(["generation_config.json": ["eos_token_id": 7]]).ends == [7])
        let several: JSON = ["eos_token_id": [7, 9, 128_009, -1]]
        #expect(try read(["generation_config.json": several]).ends == [7, 9])
        #expect(try read(["generation_config.json": several], ignoring: ["eos_token_id"]).ends == [])
    }

    @Test("config.json says it where there is no other file")
    func withoutTheFile() throws {
        #expect(try read(["config.json": ["eos_token_id": [3, 4]]]).ends == [3, 4])
        let both: [String: JSON] = ["config.json": ["eos_token_id": 3], "generation_config.json": [:]]
        #expect(try read(both).ends == [])
    }

    @Test("how its makers draw is said, and nothing where they take the likeliest")
    func drawing() throws {
        let drawn: JSON = ["do_sample": true, "temperature": 0.6, "top_p": 0.9, "repetition_penalty": 1.0]
        let said = try read(["generation_config.json": drawn]).remarks
        #expect(said.count == 1 && said[0].contains("temperature=0.6 top_p=0.9;"), "\(said)")
        let greedy: JSON = ["temperature": 0.6, "repetition_penalty": 1, "transformers_version": "5.0"]
        #expect(try read(["generation_config.json": greedy]).remarks == [])
        let held: JSON = ["repetition_penalty": 1.1]
        #expect(
            try read(["generation_config.json": held]).remarks.first?.contains("repetition_penalty=1.1")
                == true)
    }

    @Test("what is not done, or not known, is named, and the model is not refused for it")
    func notDone() throws {
        let asked: JSON = ["no_repeat_ngram_size": 3, "suppress_tokens": [], "watermark": 1, "min_length": 0]
        let said = try read(["generation_config.json": asked]).remarks
        #expect(said.count == 1, "\(said)")
        for name in ["no_repeat_ngram_size is 3", "watermark is not known"] {
            #expect(said.first?.contains(name) == true, "\(said)")
        }
        #expect(
            said.first?.contains("suppress_tokens") == false && said.first?.contains("min_length") == false)
    }
}
