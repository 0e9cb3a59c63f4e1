import Compute

extension NumberFormat {
    /// The numbers that GGUF gives to tensor types.
    private static let byGGUFType: KeyValuePairs<UInt32, NumberFormat> = [
        0: .f32, 1: .f16, 30: .bf16, 28: .f64,
        8: .q8_0, 2: .q4_0, 3: .q4_1, 6: .q5_0, 7: .q5_1,
        10: .q2_K, 11: .q3_K, 12: .q4_K, 13: .q5_K, 14: .q6_K,
        16: .iq2_XXS, 17: .iq2_XS, 18: .iq3_XXS, 19: .iq1_S, 20: .iq4_NL, 21: .iq3_S, 22: .iq2_S, 23: .iq4_XS,
        29: .iq1_M, 34: .tq1_0, 35: .tq2_0, 39: .mxfp4, 40: .nvfp4,
        24: .i8, 25: .i16, 26: .i32, 27: .i64,
    ]

    static let ggufTypes = byGGUFType.map(\.value.displayName).joined(separator: " ")

    init?(ggufType code: UInt32) {
        guard let found = NumberFormat.byGGUFType.first(where: { $0.key == code }) else { return nil }
        self = found.value
    }

    /// Nil for a format that GGUF does not know.
    var ggufType: UInt32? { NumberFormat.byGGUFType.first { $0.value == self }?.key }
}

/// Names of the tensor types that are not supported, for messages.
func unsupportedGGUFTypeName(_ code: UInt32) -> String {
    // Q8_1 and Q8_K are what llama.cpp makes of activations, and stand in no file of weights.
    let names: [UInt32: String] = [9: "Q8_1", 15: "Q8_K", 41: "Q1_0"]
    return names[code] ?? "number \(code)"
}
