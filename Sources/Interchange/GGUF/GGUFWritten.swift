/// What `export gguf` wrote, read back and compared.
package struct GGUFWritten: Sendable {
    /// `LLaMA model, as llama.cpp's`
    package let kind: String
    package let type: GGUFType
    package let byteCount: Int
    package let comparison: GGUFComparison.Result
    /// The largest share by which a tensor of the file differs from ours.
    package let tensorShare: Double
    /// What others must know who load the file, each a sentence.
    package let remarks: [String]
}
