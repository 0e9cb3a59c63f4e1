/// Random numbers by position: the same seed, purpose and index give the same number, in any order.
///
/// SplitMix64's finaliser over a counter (Steele, Lea & Flood 2014).
package struct CounterRandom: Sendable {
    private let key: UInt64

    package init(seed: UInt64, purpose: String) {
        key = Self.mixed(seed ^ Self.mixed(purpose.stableHash))
    }

    package subscript(index: UInt64) -> UInt64 {
        Self.mixed(key &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// A number from 0 up to and without `bound`.
    package func index(_ position: Int, below bound: Int) -> Int {
        precondition(bound > 0, "a random index below \(bound)")
        return Int(self[UInt64(bitPattern: Int64(position))].multipliedFullWidth(by: UInt64(bound)).high)
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension String {
    /// FNV-1a over UTF-8: the same on every machine and run, unlike `hashValue`.
    package var stableHash: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
