import Checkpoints
import Compute
import Foundation
import Testing

/// Every stored format against the reference's values, bit for bit.
@Suite struct FormatTests {
    @Test(arguments: [
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
        "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ4_NL", "IQ4_XS", "TQ1_0",
        "TQ2_0",
        "MXFP4", "NVFP4",
    ])
    func everyGGUFFormatExpandsAsTheReference(name: String) throws {
        let stored = try GGUFFile(path: fixture("formats.gguf"))
        let expected = try SafetensorsFile(path: fixture("formats-expected.safetensors"))
        let tensor = try #require(stored.tensor(named: name))
        let reference = try #require(expected.tensor(named: name))
        #expect(tensor.format.displayName == name)
        #expect(tensor.shape == reference.shape)
        #expect(tensor.bits == reference.bits)
    }

    @Test func someRowsAreThoseRowsOfAll() throws {
        let stored = try GGUFFile(path: fixture("formats.gguf"))
        for tensor in stored.tensors {
            let all = tensor.bits
            var row = [Float](repeating: 0, count: tensor.rowLength)
            for index in 0..<tensor.rowCount {
                row.withUnsafeMutableBufferPointer { buffer in
                    if let start = buffer.baseAddress { tensor.expand(rows: index..<index + 1, into: start) }
                }
                let expected = all[index * row.count..<(index + 1) * row.count]
                #expect(row.map(\.bitPattern) == Array(expected), "\(tensor.name) row \(index)")
            }
        }
    }

    @Test func everySafetensorsTypeIsReadAsTheReference() throws {
        let stored = try SafetensorsFile(path: fixture("plain.safetensors"))
        let expected = try SafetensorsFile(path: fixture("plain-expected.safetensors"))
        #expect(Set(stored.names) == Set(expected.names))
        #expect(stored.notes == ["format": "pt"])
        for name in expected.names {
            let tensor = try #require(stored.tensor(named: name))
            let reference = try #require(expected.tensor(named: name))
            #expect(tensor.shape == reference.shape, "\(name)")
            #expect(tensor.bits == reference.bits, "\(name)")
        }
    }

    @Test func metadataKeepsItsTypes() throws {
        let metadata = try GGUFFile(path: fixture("formats.gguf")).metadata
        #expect(metadata["general.architecture"] == "lorikeet-test")
        #expect(metadata["test.text"] == "ünï ▁😀")
        #expect(metadata["test.count"] == 7)
        #expect(metadata["test.ratio"] == 0.25)
        #expect(metadata["test.flag"] == true)
        #expect(metadata["test.huge"]?.number == 0x1p63)
        #expect(metadata["test.least"]?.integer == Int.min)
        #expect(metadata["test.words"] == ["a", "", "céd"])
        #expect(metadata["test.numbers"] == [1, -2, 3])
        #expect(metadata["test.ratios"] == [0.5, -1.5])
    }
}
