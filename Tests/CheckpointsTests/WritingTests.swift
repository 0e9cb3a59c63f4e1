import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Testing

@Suite struct WritingTests {
    @Test func whatIsWrittenAsSafetensorsIsReadBack() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/model.safetensors"
            let values: [Float] = [1, -2.5, .infinity, 4, 5, 6]
            try SafetensorsWriter.write(
                [("a.weight", [2, 3], values), ("scalar", [], [7]), ("empty", [0, 3], [])],
                metadata: ["format": "pt"], to: path)
            let file = try CheckpointFolder.open(path: folder)
            #expect(file.names == ["a.weight", "scalar", "empty"])
            #expect(file.tensor(named: "a.weight")?.floats() == values)
            #expect(file.tensor(named: "scalar")?.shape == [])
            #expect(file.tensor(named: "empty")?.floats() == [])
            #expect(file.metadata == [:])
            let start = try #require(file.tensor(named: "a.weight")).offset
            #expect(start % 8 == 0)
        }
    }

    @Test func aFailedWriteLeavesTheOldFile() throws {
        struct Stop: Error {}
        try withTemporaryFolder { folder in
            let path = "\(folder)/model.safetensors"
            try SafetensorsWriter.write([("a", [1], [1])], to: path)
            #expect(throws: Stop.self) {
                try SafetensorsWriter.write([("b", [1])], metadata: [:], to: path) { _, _ in throw Stop() }
            }
            #expect(try SafetensorsFile(path: path).names == ["a"])
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["model.safetensors"])
        }
    }

    @Test func aFolderThatIsNotThereCannotBeWrittenTo() {
        #expect {
            try SafetensorsWriter.write([("a", [1], [1])], to: "/no/such/folder/a.safetensors")
        } throws: {
            ($0 as? Diagnostic)?.code == "cannot-write"
        }
    }

    @Test func shardsAreFoundThroughTheirIndex() throws {
        try withTemporaryFolder { folder in
            try SafetensorsWriter.write([("a", [2], [1, 2])], to: "\(folder)/model-1.safetensors")
            try SafetensorsWriter.write([("b", [1], [3])], to: "\(folder)/model-2.safetensors")
            let index: JSON = ["weight_map": ["a": "model-1.safetensors", "b": "model-2.safetensors"]]
            let path = "\(folder)/model.safetensors.index.json"
            try Data(index.utf8()).write(to: URL(filePath: path))
            let checkpoint = try CheckpointFolder.open(path: folder)
            #expect(checkpoint.names == ["a", "b"])
            #expect(checkpoint.tensor(named: "b")?.floats() == [3])

            let wrong: JSON = ["weight_map": ["c": "model-1.safetensors"]]
            try Data(wrong.utf8()).write(to: URL(filePath: path))
            #expect { try CheckpointFolder.open(path: folder) } throws: {
                "\($0)".contains("tensor c") && "\($0)".contains("model-1.safetensors")
            }
        }
    }

    @Test func whatIsWrittenAsGGUFIsReadBack() throws {
        let golden = try GGUFFile(path: fixture("formats.gguf"))
        var writer = GGUFWriter(architecture: "llama")
        writer.metadata += [
            ("a", .uint32(1)), ("b", .int32(-1)), ("c", .uint64(1 << 40)), ("d", .float(0.5)),
            ("e", .bool(true)),
            ("f", .strings(["x", "ÿ"])), ("g", .floats([1, 2])), ("h", .integers([-3])),
        ]
        for tensor in golden.tensors {
            let bytes = Array(tensor.file.bytes[tensor.offset..<tensor.offset + tensor.byteCount])
            writer.add(tensor.name, shape: tensor.shape, format: tensor.format, bytes: bytes)
        }
        try withTemporaryFolder { folder in
            try writer.write(to: "\(folder)/a.gguf")
            let back = try CheckpointFolder.open(path: folder)
            #expect(back.names == golden.names)
            for name in golden.names {
                #expect(back.tensor(named: name)?.bits == golden.tensor(named: name)?.bits)
            }
            let expected: JSON = [
                "general.architecture": "llama", "a": 1, "b": -1, "c": .integer(1 << 40), "d": 0.5, "e": true,
                "f": ["x", "ÿ"], "g": [1.0, 2.0], "h": [-3],
            ]
            #expect(back.metadata == expected)
        }
    }
}
