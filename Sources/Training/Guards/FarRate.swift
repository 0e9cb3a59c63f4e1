import Learning
import Models

/// A learning rate that is far from what is usual for the method, the model and the optimizer.
package struct FarRate: Sendable, Hashable {
    /// `lr`, or a part's that has its own: `lr.head`.
    package let name: String
    package let rate: Double
    /// The usual rate, or the nearer end of those that are.
    package let usual: Double

    /// A tenth of what is usual may be meant, and ten times as much; what is further off rarely is.
    package static let limit = 10.0

    /// How many times as much, or as little.
    package var times: Double { max(rate, usual) / min(rate, usual) }
    package var isTooHigh: Bool { rate > usual }

    /// nil where the rate is one that people take, or near enough.
    private init?(_ name: String, _ rate: Float, usual: ClosedRange<Double>) {
        // As it was written, 0.001 and not 0.0010000000474974513: ten times are not more than ten times.
        let rate = Double("\(rate)") ?? Double(rate)
        let limit = Self.limit * 1.001
        guard rate > 0, usual.lowerBound > 0 else { return nil }
        guard rate > usual.upperBound * limit || rate < usual.lowerBound / limit else { return nil }
        (self.name, self.rate) = (name, rate)
        self.usual = rate > usual.upperBound ? usual.upperBound : usual.lowerBound
    }

    /// Every rate of a run that is far off, the first being what the others go by.
    ///
    /// - `isWriting`: whether the model writes its answers, and no head is trained.
    package static func found(
        in settings: TrainerSettings, for method: AttachedMethod, on loaded: LoadedModel, isWriting: Bool
    ) -> [FarRate] {
        guard settings.optimizer.ownRate(at: 1) == nil else { return [] }
        let scale = settings.optimizer.kind.rates(settings.optimizer.values).range
        func range(_ rates: Double...) -> ClosedRange<Double> {
            let (low, high) = (rates.min() ?? 0, rates.max() ?? 0)
            return low * scale.lowerBound...high * scale.upperBound
        }
        let usual = method.usualRate(on: loaded, isWriting: isWriting)
        let head = loaded.usualRate ?? HeadMethod.declaration.rate.rate
        let own = FarRate("lr", settings.lr, usual: range(usual))
        let parts = (settings.rates?.given ?? []).compactMap { part, rate in
            FarRate("lr.\(part)", rate, usual: part == "head" ? range(usual, head) : range(usual))
        }
        return [own].compactMap(\.self) + parts
    }
}
