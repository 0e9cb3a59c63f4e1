import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Learning
import Testing

@testable import Models

/// Four-bit weights beside bitsandbytes' (`Tests/Golden/make_nf4.py`).
@Suite struct FourBitTests {
    private static let folder = Golden.folder("../nf4")
    private static let models = [
        "llama-nf4-double", "llama3-nf4", "bert-nf4-double", "gpt2-nf4-double", "gpt2-fp4",
    ]

    private static func values(_ name: String) throws -> StoredTensor {
        try #require(SafetensorsFile(path: "\(folder)/tensors.safetensors").tensor(named: name))
    }

    @Test(arguments: ["rows", "odd", "zeros", "many", "halves"])
    func codesAndScalesEqualBitsandbytes(name: String) throws {
        let weights = try #require(FourBitWeights(quantising: StoredWeights(Self.values(name))))
        #expect(weights.packed.map { Float($0) } == (try Self.values("\(name).codes").floats()))
        // Plain scales are what the mean is taken of; nested ones are codes and their scales.
        let parts = try #require(weights.scales.parts)
        let offset = try #require(Self.values("\(name).offset").floats().first)
        #expect(abs(parts.offset - offset) <= offset.ulp * 4, "\(parts.offset) against \(offset)")
        #expect(parts.codes.map { Float($0) } == (try Self.values("\(name).nested").floats()))
        let nested = try Self.values("\(name).nested_absmax").floats()
        #expect(zip(parts.nested, nested).allSatisfy { abs($0 - $1) <= offset.ulp * 4 })
        let wanted = try Self.values("\(name).dequantised").floats()
        #expect(relativeError(weights.floats().floats, wanted) < 1e-6)
    }

    @Test(arguments: ["rows", "odd", "zeros", "many", "halves"])
    func theMapIsBitsandbytesToTheBit(name: String) throws {
        let wanted = try Self.values("\(name).map").floats()
        #expect(DynamicMap.values.map(\.bitPattern) == wanted.map(\.bitPattern))
    }

    /// The reference's own state, read as a checkpoint has it: every bit of every value.
    @Test(arguments: ["rows", "odd", "zeros", "many", "halves"])
    func whatIsReadIsDequantisedToTheBit(name: String) throws {
        let shape = try Self.values(name).shape
        let scales = FourBitScales(
            codes: try Self.values("\(name).nested").floats().map { UInt8($0) },
            map: try Self.values("\(name).map").floats(),
            nested: try Self.values("\(name).nested_absmax").floats(), block: 256,
            offset: try Self.values("\(name).offset").floats()[0])
        let weights = FourBitWeights(
            shape: shape, kind: .nf4, codes: .file(try Self.values("\(name).codes")), scales: scales,
            blockSize: 64, tensor: nil)
        let wanted = try Self.values("\(name).dequantised").floats()
        #expect(weights.floats().floats.map(\.bitPattern) == wanted.map(\.bitPattern))
    }

    private static func logits(_ model: any LanguageModel) throws -> [Float] {
        let pass = Pass(Layout(lengths: Golden.lengths))
        return try model.vocabularyLogits(
            model.hiddenStates(Tokens(ids: Golden.sequences.flatMap { $0 }), pass), pass
        ).floats
    }

    @Test(arguments: models, [Precision.f32, .native])
    func aCheckpointOfBitsandbytesGivesTheReferencesLogits(name: String, precision: Precision) throws {
        let folder = "\(Self.folder)/\(name)"
        let model = try ModelLoader.load(path: folder, precision: precision)
        let wanted = try #require(SafetensorsFile(path: "\(folder)/golden.st").tensor(named: "logits"))
        let error = relativeError(try Self.logits(model), wanted.floats())
        #expect(error < 2e-5, "\(error)")
        // Which layers are quantised is what the file says, and what is quantised here of the same model.
        let golden = try JSON(parsing: Data(contentsOf: URL(filePath: "\(folder)/golden.json")))
        let quantised = try #require(golden["quantised"]?.array).compactMap(\.string).map {
            $0.hasPrefix(model.taskPrefix) ? String($0.dropFirst(model.taskPrefix.count)) : $0
        }
        let own = model.store.parameters.filter { $0.quantisation != nil }.map { String($0.name.dropLast(7)) }
        #expect(own.sorted() == quantised.sorted())
        let family = name.split(separator: "-")[0]
        let made = try ModelLoader.load(path: Golden.folder(String(family)), precision: .nf4)
        let blocks = made.store.parameters.filter { $0.quantisation != nil }.map {
            String($0.name.dropLast(7))
        }
        #expect(blocks.sorted() == own.filter { made.blockIndex(of: $0) != nil }.sorted())
    }

    /// The same weights quantised at load and by the reference give the same logits, where both saw them in f32.
    @Test(arguments: ["bert-nf4-double", "gpt2-nf4-double"])
    func whatIsMadeAtLoadIsWhatTheReferenceMakes(name: String) throws {
        let family = String(name.split(separator: "-")[0])
        let made = try ModelLoader.load(path: Golden.folder(family), precision: .nf4)
        let read = try ModelLoader.load(path: "\(Self.folder)/\(name)", precision: .native)
        for parameter in made.store.parameters where parameter.quantisation != nil {
            let other = try #require(read.store[parameter.name])
            let error = relativeError(parameter.values().floats, other.values().floats)
            #expect(error < 1e-6, "\(parameter.name): \(error)")
        }
    }

    @Test func whatIsHeldIsSaid() throws {
        let model = try ModelLoader.load(path: "\(Self.folder)/llama-nf4-double", precision: .native)
        #expect(model.store.held.forms.contains("NF4") && model.store.quantisation == "nf4")
        let floats = try ModelLoader.load(path: "\(Self.folder)/llama-nf4-double", precision: .f32)
        #expect(Set(floats.store.held.forms) == ["F32", "BF16"])
        #expect(floats.store.held.byteCount > model.store.held.byteCount)
    }

    @Test func fewerBlocksAreTakenOfAQuantisedFileToo() throws {
        for name in Self.models {
            let model = try ModelLoader.load(path: "\(Self.folder)/\(name)", precision: .native, blocks: 1)
            #expect(model.config.blocks == 1)
        }
    }

    @Test func whatIsQuantisedIsNotQuantisedAgain() throws {
        let problem = #expect(throws: Diagnostic.self) {
            try ModelLoader.load(path: "\(Self.folder)/llama-nf4-double", precision: .nf4)
        }
        #expect(problem?.code == "quantised-already")
    }

    private static func changed(
        _ name: String, _ change: (inout JSONObject) -> Void, _ body: (String) throws -> Void
    ) throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: place) }
        try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: place)
        let file = URL(filePath: "\(place)/config.json")
        var config = try #require(JSON(parsing: Data(contentsOf: file)).object)
        change(&config)
        try Data(JSON.object(config).utf8(indent: 1)).write(to: file)
        try body(place)
    }

    private static let others: [(JSON, String)] = [
        (["load_in_8bit": true], "load_in_8bit"), (["quant_method": "gptq", "load_in_4bit": true], "gptq"),
        (["load_in_4bit": false], "load_in_4bit"), (["quant_method": "bitsandbytes"], "load_in_4bit"),
        (["load_in_4bit": true, "bnb_4bit_quant_type": "af4"], "af4"),
        (["load_in_4bit": true, "something_new": 1], "something_new"), ("nf4", "no object"),
    ]

    @Test(arguments: others)
    func anotherQuantisationIsRefusedByName(config: JSON, named: String) throws {
        try Self.changed("llama3-nf4") {
            $0["quantization_config"] = config
        } _: { folder in
            let problem = #expect(throws: Diagnostic.self) { try ModelLoader.load(path: folder) }
            #expect(problem?.message.contains(named) == true, "\(problem?.message ?? "")")
        }
    }

    @Test func everyKeyOfTheReferencesConfigurationHasADecision() throws {
        for name in Self.models {
            let file = URL(filePath: "\(Self.folder)/\(name)/config.json")
            let config = try JSON(parsing: Data(contentsOf: file))["quantization_config"]?.object ?? [:]
            #expect(!config.isEmpty)
            for key in config.keys { #expect(QuantisationConfig.keys.decision(on: key) != nil, "\(key)") }
        }
    }

    @Test func floatsThatAreSaidToBeQuantisedAreRefused() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
            .path
        defer { try? FileManager.default.removeItem(atPath: place) }
        try FileManager.default.copyItem(atPath: Golden.folder("llama"), toPath: place)
        let file = URL(filePath: "\(place)/config.json")
        var config = try #require(JSON(parsing: Data(contentsOf: file)).object)
        config["quantization_config"] = ["quant_method": "bitsandbytes", "load_in_4bit": true]
        try Data(JSON.object(config).utf8(indent: 1)).write(to: file)
        let problem = #expect(throws: Diagnostic.self) { try ModelLoader.load(path: place) }
        #expect(problem?.message.contains("no tensor") == true)
    }
}
