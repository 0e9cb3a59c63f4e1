/// The learning rates that suit an optimizer, beside those that suit AdamW: a method's usual rate is AdamW's.
package struct RateScale: Sendable, Hashable {
    /// The rate where none is given, over AdamW's.
    package let usual: Double
    /// What people take, over AdamW's.
    package let range: ClosedRange<Double>

    /// - `range`: nil for the usual alone.
    package init(_ usual: Double, in range: ClosedRange<Double>? = nil) {
        (self.usual, self.range) = (usual, range ?? usual...usual)
    }

    /// Of those whose steps are about as long as AdamW's: each value goes by the rate, whatever its gradient.
    package static let asAdamW = RateScale(1)
}
