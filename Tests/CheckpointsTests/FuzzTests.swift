import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Testing

/// Damaged files end in a message: never a crash, a hang or an allocation that the file's size does
/// not account for.
@Suite(.serialized) struct FuzzTests {
    @Test(arguments: ["formats.gguf", "plain.safetensors", "formats-expected.safetensors"])
    func aDamagedCheckpointEndsInAMessage(name: String) throws {
        let original = try [UInt8](Data(contentsOf: URL(filePath: fixture(name))))
        var mutator = Mutator(seed: 7)
        let before = peakVirtualMemory()
        var opened = 0
        try withTemporaryFolder { folder in
            for index in 0..<Mutator.count {
                let bytes = mutator.damage(original, header: 1200)
                // A new file each time: file systems flush one that is rewritten in place.
                let path = "\(folder)/\(index)-\(name)"
                try Data(bytes).write(to: URL(filePath: path))
                defer { try? FileManager.default.removeItem(atPath: path) }
                do {
                    let checkpoint = try CheckpointFolder.open(path: path)
                    let values = checkpoint.tensors.reduce(0) { $0 + $1.floats().count }
                    #expect(values <= 4 * max(bytes.count, 1), "mutation \(index)")
                    opened += 1
                } catch let error as Diagnostic {
                    #expect(error.message.utf8.count < 2000, "mutation \(index)")
                }
            }
        }
        #expect(opened > 0)
        #expect(peakVirtualMemory() - before < 1 << 30)
    }

    @Test func aDamagedConfigurationEndsInAMessage() throws {
        let config: JSON = [
            "architectures": ["BertModel"], "hidden_size": 384, "num_hidden_layers": 6,
            "layer_norm_eps": 1e-12,
            "vocab_size": 30522, "rope_scaling": ["factor": 8.0, "type": "llama3"], "torch_dtype": "float32",
        ]
        let original = config.utf8(indent: 2)
        var mutator = Mutator(seed: 8)
        for _ in 0..<Mutator.count {
            do {
                let parsed = try JSON(parsing: mutator.damage(original, header: original.count))
                _ = parsed["hidden_size"]?.integer
            } catch let error as Diagnostic {
                #expect(error.code == "bad-json")
            }
        }
    }
}
