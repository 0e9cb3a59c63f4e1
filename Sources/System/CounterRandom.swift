import Foundation

/// Random numbers by counting: the n-th number of a stream depends on nothing but seed, purpose
/// and n, so results don't depend on who draws first (SplitMix64; Steele, Lea & Flood 2014).
///
/// All that a seed decides comes from here: weights, dropout, the order of examples, the rows of a part.
package struct CounterRandom: Sendable {
    private let key: UInt64
    private var drawn: UInt64 = 0

    /// - `purpose`: a name, so that two uses of one seed never share a stream.
    package init(seed: UInt64, purpose: String, step: Int = 0) {
        var key = Self.mix(seed ^ 0x6C6F_7269_6B65_6574)
        for byte in purpose.utf8 { key = Self.mix(key ^ UInt64(byte)) }
        self.key = Self.mix(key ^ UInt64(bitPattern: Int64(step)))
    }

    /// - `key`: stands for seed and purpose.
    package init(key: UInt64) { self.key = key }

    /// The distance of two counts, 2^64 over the golden ratio.
    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    package static func mix(_ value: UInt64) -> UInt64 { scramble(value &+ gamma) }

    /// A bijection of 64 bits with full avalanche, which leaves 0 as it is.
    package static func scramble(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The number at a place, whatever was drawn before.
    package subscript(index: UInt64) -> UInt64 { Self.mix(key &+ index &* Self.gamma) }

    /// The number at a place as one from 0 up to and without `bound`.
    package func index(_ position: Int, below bound: Int) -> Int {
        precondition(bound > 0, "a random index below \(bound)")
        return Int(self[UInt64(bitPattern: Int64(position))].multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The next number, from place 1 on.
    package mutating func next() -> UInt64 {
        drawn &+= 1
        return self[drawn]
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
