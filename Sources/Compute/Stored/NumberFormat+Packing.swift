import CVectorMath

extension NumberFormat {
    /// The formats that floats can be written in.
    package static let packable: [NumberFormat] = [.f32, .f16, .q8_0, .q4_0]

    /// Floats as stored numbers, bit for bit as ggml's reference quantisers make them.
    ///
    /// - `destination`: as many bytes as `byteCount(of: count)`; `count`: whole blocks.
    package func pack(
        _ source: UnsafePointer<Float>, into destination: UnsafeMutableRawPointer, count: Int
    ) {
        precondition(count % elementsPerBlock == 0, "\(rawValue): \(count) elements are no whole blocks")
        switch self {
        case .f32: destination.copyMemory(from: source, byteCount: 4 * count)
        case .f16: lorikeet_pack_f16(source, destination, count)
        case .q8_0: lorikeet_pack_q8_0(source, destination, count)
        case .q4_0: lorikeet_pack_q4_0(source, destination, count)
        default: preconditionFailure("nothing is written as \(displayName)")
        }
    }

    /// How far packed values may be from their floats, proven for any: `|packed - value| ≤ relative · |values|`, both
    /// the root of a sum of squares, but for `absolute` of each where a block's scale is itself near zero as a half.
    ///
    /// f16 keeps eleven bits. Of 32 values that share a step of `most / 127` (Q8_0) each errs by half a step, the
    /// block by `√32 / 254` of its largest; of those that share `most / 8` (Q4_0) the largest is exact and one of its
    /// size with the other sign errs by a whole step, which is an eighth of it.
    package var packingError: (relative: Double, absolute: Double) {
        let tiny = 0x1p-25
        return switch self {
        case .f16: (0x1p-11, tiny)
        case .q8_0: (0.0235, 127 * tiny)
        case .q4_0: (0.36, 8 * tiny)
        default: (0, 0)
        }
    }
}
