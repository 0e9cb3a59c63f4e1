import Checkpoints
import Compute
import Diagnostics
import Foundation
import JSON
import Testing

/// What a person reads when a file is not what it should be.
@Suite struct BadFileTests {
    private func message(of bytes: [UInt8], named name: String) throws -> String {
        try withTemporaryFolder { folder in
            let path = "\(folder)/\(name)"
            try Data(bytes).write(to: URL(filePath: path))
            do {
                _ = try CheckpointFolder.open(path: path)
                return "opened"
            } catch let error as Diagnostic {
                return error.description
            }
        }
    }

    private func safetensors(_ header: String, values: Int = 16) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: values)
    }

    private func message(ofHeader header: String) throws -> String {
        try message(of: safetensors(header), named: "a.safetensors")
    }

    @Test func anEmptyOrCutFileSaysSo() throws {
        #expect(try message(of: [], named: "a.safetensors").contains("has 0 bytes"))
        #expect(try message(of: [1, 2, 3], named: "a.gguf").contains("3 bytes, a GGUF file at least 24"))
        let cut = safetensors(#"{"w":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, values: 15)
        #expect(try message(of: cut, named: "a.safetensors").contains("tensor w: lies at bytes 0…16"))
        let golden = try [UInt8](Data(contentsOf: URL(filePath: fixture("formats.gguf"))))
        let text = try message(of: Array(golden.dropLast(200)), named: "a.gguf")
        #expect(text.contains("is it truncated?") && text.contains("tensor "))
    }

    @Test func aHugeHeaderIsNotBelieved() throws {
        let bytes = [UInt8](repeating: 0xff, count: 8) + [0x7b, 0x7d]
        #expect(
            try message(of: bytes, named: "a.safetensors").contains("18446744073709551615 bytes, 2 follow"))
        var gguf = try [UInt8](Data(contentsOf: URL(filePath: fixture("formats.gguf"))))
        gguf.replaceSubrange(8..<16, with: [UInt8](repeating: 0xff, count: 8))
        #expect(try message(of: gguf, named: "a.gguf").contains("announces 18446744073709551615 tensors"))
    }

    @Test func shapesAreCheckedAgainstTheirBytes() throws {
        let wrong = #"{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}}"#
        #expect(try message(ofHeader: wrong).contains("tensor w: of shape [3] in F32 needs 12 bytes"))
        let huge =
            #"{"w":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904],"data_offsets":[0,16]}}"#
        #expect(try message(ofHeader: huge).contains("which no memory can hold"))
        let hidden = #"{"w":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[0,0]}}"#
        #expect(try message(ofHeader: hidden).contains("which no memory can hold"))
        let negative = #"{"w":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}"#
        #expect(try message(ofHeader: negative).contains("negative dimension"))
    }

    @Test func twoTensorsMayNotShareBytes() throws {
        let header =
            #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"#
            + #""b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#
        #expect(try message(ofHeader: header).contains("same bytes to the tensors a and b"))
    }

    @Test func everyByteBelongsToATensor() throws {
        let one = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
        #expect(try message(ofHeader: one).contains("8 bytes after its last tensor"))
        let hole =
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
            + #""b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#
        #expect(try message(ofHeader: hole).contains("4 bytes before the tensor b"))
        #expect(try message(of: safetensors("{}", values: 0), named: "a.safetensors") == "opened")
    }

    @Test func anUnsupportedTypeIsNamedWithWhatIsSupported() throws {
        let header = #"{"w":{"dtype":"F8_E4M3","shape":[16],"data_offsets":[0,16]}}"#
        let text = try message(ofHeader: header)
        #expect(
            text.contains("tensor w has the dtype F8_E4M3") && text.contains("supported are F32 F16 BF16"))
    }

    @Test func aFolderSaysWhatItHoldsInstead() throws {
        try withTemporaryFolder { folder in
            try Data().write(to: URL(filePath: "\(folder)/pytorch_model.bin"))
            #expect { try CheckpointFolder.open(path: folder) } throws: {
                "\($0)".contains("no .safetensors") && "\($0)".contains("convert it")
            }
            #expect { try CheckpointFolder.open(path: "\(folder)/nothing") } throws: {
                ($0 as? Diagnostic)?.code == "no-file"
            }
        }
    }
}
