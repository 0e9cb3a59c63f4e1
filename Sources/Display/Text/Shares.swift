import Foundation

extension NumberStyle {
    /// `29%`, rounded down, so that only what is done says 100%; 29 of 100 is not 28% for a rounding of binary digits.
    package static func wholePercent(_ share: Double) -> String { "\(Int(share * 100 + 1e-9))%" }

    /// Shares of `count` texts: of fewer than 200 one text is more than half a point, and a decimal would pretend.
    package static func share(of count: Int) -> NumberStyle { .percent(count >= 200 ? 1 : 0) }

    /// The same without the sign, for the second of two figures: 78.3.
    package static func points(of count: Int) -> NumberStyle { .fixed(count >= 200 ? 1 : 0) }
}

/// A difference of two shares in points, with its sign: `+33.5`, `−4`; nil where it would be written as nothing.
package func signedPoints(_ difference: Double, of count: Int) -> String? {
    let text = NumberStyle.points(of: count).text(abs(difference) * 100)
    guard text.contains(where: { ("1"..."9").contains($0) }) else { return nil }
    return (difference < 0 ? "−" : "+") + text
}
