import Foundation

/// Whether two are right equally often on the same texts, by those texts alone on which one is right and the other not
/// (McNemar 1947).
package struct McNemar: Sendable, Hashable {
    /// Texts that only the first got right, and only the second.
    package let onlyFirst: Int
    package let onlySecond: Int

    package init(onlyFirst: Int, onlySecond: Int) {
        (self.onlyFirst, self.onlySecond) = (onlyFirst, onlySecond)
    }

    private var count: Int { onlyFirst + onlySecond }

    /// Two-sided, by the binomial distribution: how probable a split as uneven is where both are as good. 1 where they are
    /// right on the same texts.
    package var exact: Double {
        guard count > 0 else { return 1 }
        let whole: Double = lgamma(Double(count + 1)) - Double(count) * log(2.0)
        var tail = 0.0
        for wins in 0...min(onlyFirst, onlySecond) {
            tail += exp(whole - lgamma(Double(wins + 1)) - lgamma(Double(count - wins + 1)))
        }
        return min(1, 2 * tail)
    }

    /// The same by the chi-square distribution with Edwards's correction for continuity, for many texts.
    package var approximate: Double {
        guard count > 0 else { return 1 }
        let distance = abs(Double(onlyFirst - onlySecond)) - 1
        return erfc((distance * distance / Double(count) / 2).squareRoot())
    }
}
