/// bitsandbytes' tables of sixteen values (functional.py, `get_4bit_type`).
package enum FourBitKind: String, Sendable, CaseIterable {
    /// Quantiles of the normal distribution (QLoRA, Dettmers et al. 2023).
    case nf4
    /// A sign, two bits of exponent and one of fraction, over twelve.
    case fp4

    /// By code.
    package var table: [Float] {
        switch self {
        case .nf4:
            [
                -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
                -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
                0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941,
                0.7229568362236023, 1.0,
            ]
        case .fp4:
            [0, 0.0625, 8, 12, 4, 6, 2, 3, -0.0, -0.0625, -8, -12, -4, -6, -2, -3].map { $0 / 12 }
        }
    }

    /// As people write it.
    package var displayName: String { rawValue.uppercased() }
}
