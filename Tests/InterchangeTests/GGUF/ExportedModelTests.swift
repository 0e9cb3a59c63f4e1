import Checkpoints
import Compute
import Crypto
import Diagnostics
import Fetching
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers
import Training

@testable import Interchange

/// GGUF files of whole models, against llama.cpp's converter and our own reader.
@Suite struct ExportedModelTests {
    private static let cases = ExportFixtures.models.flatMap { name in
        [GGUFType.f32, .f16, .q8_0].map { (name, $0) }
    }

    @Test(arguments: cases)
    func everyTensorHasTheBytesThatTheConverterWrites(name: String, type: GGUFType) throws {
        let loaded = try ExportFixtures.loaded(name)
        let wanted = try #require(ExportFixtures.expected(name)["tensors"]?[type.rawValue]?.object)
        try SharedFixtures.temporary { folder in
            _ = try GGUFModel(loaded, nil, template: nil).write(to: "\(folder)/a.gguf", as: type)
            let file = try GGUFFile(path: "\(folder)/a.gguf")
            #expect(Set(file.names) == Set(wanted.keys))
            for tensor in file.tensors {
                let entry = try #require(wanted[tensor.name])
                let bytes = (0..<tensor.rowCount).flatMap { tensor.bytes(ofRow: $0) }
                #expect(entry["type"]?.string == tensor.format.displayName, "\(tensor.name)")
                #expect(entry["shape"]?.array?.map(\.integer) == tensor.shape, "\(tensor.name)")
                // Factors of frequencies are computed in single precision there.
                guard tensor.name != "rope_freqs.weight" else { continue }
                let digest = FileDigest.hexadecimal(SHA256.hash(data: Data(bytes)))
                #expect(entry["sha256"]?.string == digest, "\(tensor.name)")
            }
        }
    }

    @Test(arguments: ExportFixtures.models)
    func theHeaderSaysWhatTheConvertersSays(name: String) throws {
        let loaded = try ExportFixtures.loaded(name)
        let wanted = try #require(ExportFixtures.expected(name)["header"]?.object)
        try SharedFixtures.temporary { folder in
            _ = try GGUFModel(loaded, nil, template: nil).write(to: "\(folder)/a.gguf", as: .f16)
            let found = try GGUFFile(path: "\(folder)/a.gguf").metadata
            for (key, value) in wanted {
                // What is not so need not be said.
                guard value != false || found[key] != nil else { continue }
                if let number = value.number, let own = found[key]?.number {
                    #expect(abs(number - own) <= 1e-7 * abs(number), "\(key): \(own), not \(number)")
                } else {
                    #expect(found[key] == value, "\(key)")
                }
            }
            for key in ["general.type", "general.file_type", "general.quantization_version"] {
                #expect(found[key] != nil, "\(key)")
            }
        }
    }

    @Test(arguments: ExportFixtures.models, GGUFType.allCases)
    func whatIsWrittenIsReadBackWithWhatIsAttachedMerged(name: String, type: GGUFType) throws {
        let loaded = try ExportFixtures.loaded(name)
        let tuning = try ExportFixtures.lora(on: loaded)
        try SharedFixtures.temporary { folder in
            let path = "\(folder)/tuned.gguf"
            let written = try GGUFModel(loaded, tuning, template: nil).write(to: path, as: type)
            #expect(written.byteCount < 4 * loaded.model.store.valueCount + 4096)
            #expect(written.comparison.share <= type.logitShare)
            for precision in [Precision.f32, .native] {
                let again = try ExportFixtures.loaded(at: path, precision: precision)
                let ours = try Self.logits(loaded.model, tuning)
                let theirs = try Self.logits(again.model, nil)
                let base = try Self.logits(loaded.model, nil)
                let off = SharedFixtures.largestDifference(ours, theirs)
                #expect(off <= (type == .f32 ? 1e-4 : type == .f16 ? 0.05 : 10), "\(off)")
                // Nearer to the tuned model than to its base, whatever the format.
                #expect(off < SharedFixtures.largestDifference(base, theirs))
                #expect(
                    again.tokenizer.encode("it's 1999!", addingSpecialTokens: true)
                        == loaded.tokenizer.encode("it's 1999!", addingSpecialTokens: true))
            }
        }
    }

    private static func logits(_ model: any LanguageModel, _ tuning: Tuning?) throws -> [Float] {
        try SharedFixtures.logits(model, tuning, nil)
    }

    @Test func theHeaderOfAFileThatWasReadIsWrittenAgain() throws {
        let loaded = try ExportFixtures.loaded("llama")
        try SharedFixtures.temporary { folder in
            let (first, second) = ("\(folder)/a.gguf", "\(folder)/b.gguf")
            _ = try GGUFModel(loaded, nil, template: nil).write(to: first, as: .f32)
            let again = try ExportFixtures.loaded(at: first)
            _ = try GGUFModel(again, nil, template: nil).write(to: second, as: .f32)
            let (one, two) = (try GGUFFile(path: first).metadata, try GGUFFile(path: second).metadata)
            for (key, value) in one.object ?? [:] where key != "general.name" {
                #expect(two[key] == value, "\(key)")
            }
            let own = #expect(throws: Diagnostic.self) {
                try GGUFModel(again, nil, template: nil).write(to: first, as: .f32)
            }
            #expect(own?.code == "cannot-write")
        }
    }

    @Test func aPromptThatItWasTunedOnIsTheChatTemplateInside() throws {
        let loaded = try ExportFixtures.loaded("llama")
        try SharedFixtures.temporary { folder in
            for (template, wanted) in [(PromptTemplate?.none, "m in messages"), (.llama2, "'[INST] '")] {
                let path = "\(folder)/a.gguf"
                let written = try GGUFModel(loaded, nil, template: template).write(to: path, as: .f16)
                let found = try GGUFFile(path: path).metadata["tokenizer.chat_template"]?.string ?? ""
                #expect(found.contains(wanted))
                #expect(written.remarks.contains { $0.contains("llama2") } == (template != nil))
            }
        }
    }

    @Test func whatNoWeightHoldsIsRefusedByName() throws {
        let loaded = try ExportFixtures.loaded("llama")
        let methods: [(any Method, String)] = [
            (try PromptTuningMethod(["tokens": .count(2)]), "rows before"),
            (try PrefixTuningMethod(["tokens": .count(2)]), "keys and values"),
            (try ReFTMethod([:]), "what blocks give"),
        ]
        for (method, named) in methods {
            let tuning = try AttachedMethod(method, to: loaded, seed: 1).tuning
            try SharedFixtures.temporary { folder in
                let problem = #expect(throws: Diagnostic.self) {
                    try GGUFModel(loaded, tuning, template: nil).write(to: "\(folder)/a.gguf", as: .f16)
                }
                #expect(problem?.code == "not-in-gguf" && problem?.message.contains(named) == true)
                let left = try FileManager.default.contentsOfDirectory(atPath: folder)
                #expect(left.isEmpty)
            }
        }
    }

    @Test func anInterruptionLeavesTheEarlierFile() throws {
        let loaded = try ExportFixtures.loaded("gpt2")
        try SharedFixtures.temporary { folder in
            let path = "\(folder)/a.gguf"
            _ = try GGUFModel(loaded, nil, template: nil).write(to: path, as: .q4_0)
            let before = FileManager.default.contents(atPath: path)
            for last in [0, 5, 30] {
                #expect(throws: Interrupted.self) {
                    try GGUFModel(loaded, nil, template: nil).write(to: path, as: .f32) { done, total in
                        #expect(done <= total)
                        if done >= last { throw Interrupted() }
                    }
                }
            }
            #expect(FileManager.default.contents(atPath: path) == before)
            let left = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(left == ["a.gguf"])
        }
    }
}
