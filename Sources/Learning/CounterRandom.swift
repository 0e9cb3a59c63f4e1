import Foundation

/// Random numbers by counting: the n-th number of a stream depends on nothing but seed, purpose
/// and n, so results don't depend on who draws first (splitmix64's output function).
package struct CounterRandom: Sendable {
    private let key: UInt64
    private var index: UInt64 = 0

    /// - `purpose`: a name, so that two uses of one seed never share a stream.
    package init(seed: UInt64, purpose: String, step: Int = 0) {
        var key = Self.mix(seed ^ 0x6C6F_7269_6B65_6574)
        for byte in purpose.utf8 { key = Self.mix(key ^ UInt64(byte)) }
        self.key = Self.mix(key ^ UInt64(bitPattern: Int64(step)))
    }

    /// A bijection of 64 bits with full avalanche.
    package static func mix(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    package mutating func next() -> UInt64 {
        index &+= 1
        return Self.mix(key &+ index &* 0x9E37_79B9_7F4A_7C15)
    }

    /// Uniform in [0, 1).
    package mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in [-bound, bound).
    package mutating func uniform(bound: Float) -> Float { Float(2 * uniform() - 1) * bound }

    /// Uniform below `count`.
    package mutating func integer(below count: Int) -> Int { Int(uniform() * Double(count)) }

    /// Standard normal (Box & Muller 1958).
    package mutating func normal() -> Float {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return Float(radius * cos(2 * .pi * uniform()))
    }

    /// A permutation of 0..<count (Fisher & Yates).
    package mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(below: i + 1)) }
        return order
    }
}
