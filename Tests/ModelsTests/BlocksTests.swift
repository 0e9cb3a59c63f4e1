import Diagnostics
import Foundation
import JSON
import Learning
import Models
import Testing

/// A model that is cut to its first blocks is the one that Transformers makes with `num_hidden_layers`.
@Suite struct BlocksTests {
    private static func cut(_ family: String, to blocks: Int) throws -> any LanguageModel {
        try ModelLoader.load(path: Golden.folder(family), precision: .f32, blocks: blocks)
    }

    @Test(arguments: Golden.families) func theFirstBlockAloneEqualsTheReferences(family: String) throws {
        let file = URL(filePath: Golden.folder(family)).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "blocks.json")
        let golden = try #require(try JSON(parsing: Data(contentsOf: file))[family])
        let model = try Self.cut(family, to: 1)
        #expect(model.config.blocks == 1 && model.store.valueCount == golden["parameters"]?.integer)
        let pass = Pass(Layout(lengths: Golden.lengths))
        let h = try model.hiddenStates(Tokens(ids: Golden.sequences.flatMap { $0 }), pass)
        let logits = try model.vocabularyLogits(h, pass).floats
        let some = stride(from: 0, to: logits.count, by: 7).map { logits[$0] }
        let wanted = try #require(golden["logits"]?.array).compactMap { $0.number.map { Float($0) } }
        #expect(relativeError(some, wanted) < 1e-5)
    }

    @Test func asManyAsThereAreIsTheWholeModel() throws {
        let opened = try ModelLoader.open(path: Golden.folder("llama"), blocks: 2)
        #expect(opened.cutBlocks == 0 && opened.model.config.blocks == 2)
        #expect(try ModelLoader.open(path: Golden.folder("llama"), blocks: 1).cutBlocks == 1)
    }

    @Test(arguments: [0, 3]) func moreThanThereAreAndNoneAreRefused(blocks: Int) {
        let problem = #expect(throws: Diagnostic.self) { try Self.cut("bert", to: blocks) }
        #expect(problem?.code == "bad-layers" && problem?.message.contains("2 blocks") == true)
    }

    /// What is left out of the middle of a file is still an error.
    @Test func tensorsOfNoBlockAreStillMissed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: URL(filePath: Golden.folder("gpt2")), to: folder)
        let config = folder.appending(path: "config.json")
        let text = try String(contentsOf: config, encoding: .utf8)
        try text.replacing("\"n_layer\": 2", with: "\"n_layer\": 1").write(
            to: config, atomically: true, encoding: .utf8)
        let problem = #expect(throws: Diagnostic.self) {
            try ModelLoader.load(path: folder.path, blocks: 1)
        }
        #expect(problem?.code == "unread-tensors")
    }
}
