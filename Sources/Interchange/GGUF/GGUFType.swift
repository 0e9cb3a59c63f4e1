import Compute
import Diagnostics

// The names are llama.cpp's own.
// swift-format-ignore: AlwaysUseLowerCamelCase
/// How `export gguf` stores numbers, in llama.cpp's words.
package enum GGUFType: String, CaseIterable, Sendable {
    case f32, f16
    case q8_0, q4_0

    package var format: NumberFormat {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .q8_0: .q8_0
        case .q4_0: .q4_0
        }
    }

    package var doc: String {
        switch self {
        case .f32: "as they are"
        case .f16: "half the size, eleven bits of each"
        case .q8_0: "eight bits and a half for each"
        case .q4_0: "four bits and a half for each, eight and a half in the tables of words"
        }
    }

    /// `general.file_type`, by llama.cpp's numbers.
    var fileType: UInt32 {
        switch self {
        case .f32: 0
        case .f16: 1
        case .q8_0: 7
        case .q4_0: 2
        }
    }

    /// As llama.cpp's converter decides: what has one dimension, norms and positions in f32, and in f16 what is no
    /// whole number of blocks. Under Q4_0 the words' table and the head get Q8_0, where llama.cpp's own quantiser
    /// takes Q6_K: they decide about every word.
    func format(of tensor: String, shape: [Int]) -> NumberFormat {
        guard shape.count > 1, !tensor.hasSuffix("_norm.weight"), !tensor.hasPrefix("position_embd.") else {
            return .f32
        }
        let isOfWords = tensor == "token_embd.weight" || tensor == "output.weight"
        let wanted = self == .q4_0 && isOfWords ? .q8_0 : format
        return (shape.last ?? 1).isMultiple(of: wanted.elementsPerBlock) ? wanted : .f16
    }

    /// The share of the logits' spread that they may be off, where every tensor is as near as its format allows: more
    /// comes of a model that this format does not suit. For SmolLM2 with a LoRA it is 0.0014 (F16), 0.033
    /// (Q8_0) and 0.47 (Q4_0, after the Q4_1 that its weights come in).
    var logitShare: Float {
        switch self {
        case .f32: 1e-4
        case .f16: 0.02
        case .q8_0: 0.15
        case .q4_0: 1
        }
    }
}
