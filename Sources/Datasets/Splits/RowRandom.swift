import System

extension CounterRandom {
    /// For drawing rows. The key is made as it was from the first version on: a seed draws the rows that it
    /// always drew.
    package init(drawing purpose: String, seed: UInt64) {
        self.init(key: Self.scramble(seed ^ Self.scramble(purpose.stableHash)))
    }
}

extension String {
    /// FNV-1a over UTF-8: the same on every machine and run, unlike `hashValue`.
    package var stableHash: UInt64 {
        utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
