import Diagnostics
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Training

@testable import Interchange

/// A written config.json says what the engine computes, to Transformers and to itself.
@Suite struct WrittenConfigTests {
    /// A model of no family of the registry, as a fourth one would be that was only half added.
    private final class Stranger: LanguageModel {
        let inner: any LanguageModel
        let config: ModelConfig

        init(_ inner: any LanguageModel) {
            self.inner = inner
            var config = inner.config
            config.family = "falcon"
            self.config = config
        }

        var store: ParameterStore { inner.store }
        var words: Learning.Parameter { inner.words }
        var linears: [Linear] { inner.linears }
        var taskPrefix: String { inner.taskPrefix }
        func part(of path: String) -> Part { inner.part(of: path) }
        var isCausal: Bool { inner.isCausal }
        var defaultPooling: Pooling { inner.defaultPooling }
        var pooler: Linear? { inner.pooler }
        var hasLanguageHead: Bool { inner.hasLanguageHead }
        var languageHead: Linear? { nil }
        var tiedTable: (table: String, head: String)? { inner.tiedTable }
        func embed(_ tokens: Tokens, _ pass: Pass) throws -> Tensor { try inner.embed(tokens, pass) }
        func block(_ index: Int, _ h: Tensor, _ pass: Pass) throws -> Tensor {
            try inner.block(index, h, pass)
        }
        func finish(_ h: Tensor, _ pass: Pass) -> Tensor { inner.finish(h, pass) }
        func vocabularyLogits(_ h: Tensor, _ pass: Pass) throws -> Tensor {
            try inner.vocabularyLogits(h, pass)
        }
    }

    private func written(_ model: any LanguageModel) throws -> JSON {
        try WrittenConfig(model, head: nil, labels: [], source: ModelSource(of: model), padding: nil).json
    }

    private func model(_ name: String) throws -> any LanguageModel {
        try ModelLoader.load(path: GoldenFiles.folder.appending(path: name).path)
    }

    @Test func aFamilyWithoutAConfigurationOfItsOwnIsNotWrittenAsAnother() throws {
        let problem = #expect(throws: Diagnostic.self) {
            try self.written(Stranger(try self.model("models/llama")))
        }
        #expect(problem?.message.contains("falcon") == true)
    }

    @Test(arguments: [
        "variants/llama-tied-with-head", "variants/gpt2-tied-with-head", "variants/bert-untied",
        "variants/bert-untied-bias", "variants/llama-theta-twice", "variants/llama-scaling-and-parameters",
        "variants/llama-yarn", "variants/llama-longrope", "variants/llama-dynamic", "variants/gpt2-aliases",
        "models/llama3", "models/bert", "models/gpt2-untied",
    ])
    func whatIsWrittenGivesTheSameLogits(name: String) throws {
        let model = try model(name)
        try SharedFixtures.temporary { folder in
            let outcome = try SavedModel(model, nil, head: nil, notes: SharingNotes(method: "full"))
                .write(to: folder + "/m", probe: LogitProbe(for: model))
            #expect(outcome.difference.largest == 0)
            // A key that says a thing twice would be read otherwise by another version.
            let config = try JSON(parsing: Data(contentsOf: URL(filePath: folder + "/m/config.json")))
            #expect(config["rope_parameters"] == nil)
            #expect(config["tie_word_embeddings"]?.bool == model.config.tiesHead)
        }
    }

    @Test func whatChangesNoNumbersIsCarriedOver() throws {
        let config = try written(model("models/bert"))
        #expect(config["hidden_dropout_prob"]?.number == 0)
        #expect(config["initializer_range"]?.number == 0.02)
        #expect(config["transformers_version"] == nil)
        #expect(config["architectures"] == ["BertForMaskedLM"])
    }
}
