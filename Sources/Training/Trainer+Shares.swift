extension Trainer {
    /// Above so many trained values, shares run one after the other over all workers and add to
    /// one gradient; below, workers take whole shares, each with a gradient of its own.
    private static let wideThreshold = 16 << 20

    package var isWide: Bool {
        settings.isWide
            ?? (task.couplesExamples || trainedParameters.reduce(0) { $0 + $1.count } > Self.wideThreshold)
    }

    /// Which examples of a batch are worked on together, by their rows.
    ///
    /// - `isWide`: nil for as it is here.
    func shares(of lengths: [Int], isWide: Bool? = nil) -> [[Int]] {
        let isWide = isWide ?? self.isWide
        guard !task.couplesExamples else { return [Array(lengths.indices)] }
        let target = settings.shareTokens ?? (isWide ? 512 : 256)
        return Shares.cut(lengths: lengths, target: target, least: isWide ? target : min(128, target))
    }
}
