import CVectorMath

// The names are the formats' own.
// swift-format-ignore: AlwaysUseLowerCamelCase
/// How a checkpoint stores numbers: plain ones, or blocks that share a scale.
package enum NumberFormat: String, Sendable, CaseIterable {
    case f32, f16, bf16, f64
    case i64, i32, i16, i8, u8
    case q8_0, q4_0, q4_1, q5_0, q5_1
    case q2_K, q3_K, q4_K, q5_K, q6_K
    case iq1_S, iq1_M, iq2_XXS, iq2_XS, iq2_S, iq3_XXS, iq3_S, iq4_NL, iq4_XS
    case tq1_0, tq2_0, mxfp4, nvfp4

    /// Whether these are whole numbers, which are no weights without a scale beside them.
    package var isWhole: Bool {
        switch self {
        case .i64, .i32, .i16, .i8, .u8: true
        default: false
        }
    }

    /// Elements that share a block; a row holds whole blocks.
    package var elementsPerBlock: Int {
        switch self {
        case .f32, .f16, .bf16, .f64, .i64, .i32, .i16, .i8, .u8: 1
        case .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .iq4_NL, .mxfp4: 32
        case .nvfp4: 64
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .iq1_S, .iq1_M, .iq2_XXS, .iq2_XS, .iq2_S, .iq3_XXS, .iq3_S,
            .iq4_XS, .tq1_0, .tq2_0:
            256
        }
    }

    package var bytesPerBlock: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16, .i16: 2
        case .i8, .u8: 1
        case .q8_0: 34
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q2_K: 84
        case .q3_K: 110
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        case .iq1_S: 50
        case .iq1_M: 56
        case .iq2_XXS, .tq2_0: 66
        case .iq2_XS: 74
        case .iq2_S: 82
        case .iq3_XXS: 98
        case .iq3_S: 110
        case .iq4_NL: 18
        case .iq4_XS: 136
        case .tq1_0: 54
        case .mxfp4: 17
        case .nvfp4: 36
        }
    }

    /// Whether these are weights (not counters, masks or positions).
    package var isFloatingPoint: Bool {
        switch self {
        case .i64, .i32, .i16, .i8, .u8: false
        default: true
        }
    }

    /// As people write it: `F32`, `Q4_K`.
    package var displayName: String { rawValue.uppercased() }

    /// Bytes of `count` elements, or nil when that overflows or `count` is no whole number of blocks.
    package func byteCount(of count: Int) -> Int? {
        guard count >= 0, count % elementsPerBlock == 0 else { return nil }
        let (bytes, overflow) = (count / elementsPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
        return overflow ? nil : bytes
    }
}

extension NumberFormat {
    /// Stored numbers as floats.
    ///
    /// - `source`: `count` elements, whole blocks, at any alignment.
    package func expand(
        _ source: UnsafeRawPointer, into destination: UnsafeMutablePointer<Float>, count: Int
    ) {
        precondition(
            count % elementsPerBlock == 0, "\(rawValue): \(count) elements are no whole blocks")
        switch self {
        case .f32: UnsafeMutableRawPointer(destination).copyMemory(from: source, byteCount: count * 4)
        case .f16: lorikeet_expand_f16(source, destination, count)
        case .bf16: lorikeet_expand_bf16(source, destination, count)
        case .f64: lorikeet_expand_f64(source, destination, count)
        case .i64: lorikeet_expand_i64(source, destination, count)
        case .i32: lorikeet_expand_i32(source, destination, count)
        case .i16: lorikeet_expand_i16(source, destination, count)
        case .i8: lorikeet_expand_i8(source, destination, count)
        case .u8: lorikeet_expand_u8(source, destination, count)
        case .q8_0: lorikeet_expand_q8_0(source, destination, count)
        case .q4_0: lorikeet_expand_q4_0(source, destination, count)
        case .q4_1: lorikeet_expand_q4_1(source, destination, count)
        case .q5_0: lorikeet_expand_q5_0(source, destination, count)
        case .q5_1: lorikeet_expand_q5_1(source, destination, count)
        case .q2_K: lorikeet_expand_q2_k(source, destination, count)
        case .q3_K: lorikeet_expand_q3_k(source, destination, count)
        case .q4_K: lorikeet_expand_q4_k(source, destination, count)
        case .q5_K: lorikeet_expand_q5_k(source, destination, count)
        case .q6_K: lorikeet_expand_q6_k(source, destination, count)
        case .iq1_S: lorikeet_expand_iq1_s(source, destination, count)
        case .iq1_M: lorikeet_expand_iq1_m(source, destination, count)
        case .iq2_XXS: lorikeet_expand_iq2_xxs(source, destination, count)
        case .iq2_XS: lorikeet_expand_iq2_xs(source, destination, count)
        case .iq2_S: lorikeet_expand_iq2_s(source, destination, count)
        case .iq3_XXS: lorikeet_expand_iq3_xxs(source, destination, count)
        case .iq3_S: lorikeet_expand_iq3_s(source, destination, count)
        case .iq4_NL: lorikeet_expand_iq4_nl(source, destination, count)
        case .iq4_XS: lorikeet_expand_iq4_xs(source, destination, count)
        case .tq1_0: lorikeet_expand_tq1_0(source, destination, count)
        case .tq2_0: lorikeet_expand_tq2_0(source, destination, count)
        case .mxfp4: lorikeet_expand_mxfp4(source, destination, count)
        case .nvfp4: lorikeet_expand_nvfp4(source, destination, count)
        }
    }
}
