import Learning
import Models

/// A learning rate that is far from what is usual for the method, the model and the optimizer.
package struct FarRate: Sendable, Hashable {
    /// `lr`, or a part's that has its own: `lr.head`.
    package let name: String
    package let rate: Double
    /// The usual rate; of two, the nearer one.
    package let usual: Double

    /// A tenth of what is usual may be meant, and ten times as much; what is further off, and beyond what people take
    /// with the optimizer, rarely is.
    package static let limit = 10.0

    /// How many times as much, or as little.
    package var times: Double { max(rate, usual) / min(rate, usual) }
    package var isTooHigh: Bool { rate > usual }

    /// nil where the rate is one that people take, or near enough.
    ///
    /// - `usual`: with AdamW, the lowest and the highest; `scale`: of the optimizer.
    private init?(_ name: String, _ rate: Float, usual: ClosedRange<Double>, _ scale: RateScale) {
        // As it was written, 0.001 and not 0.0010000000474974513: ten times are not more than ten times.
        let rate = Double("\(rate)") ?? Double(rate)
        let limit = Self.limit * 1.001
        let least = usual.lowerBound * min(scale.range.lowerBound, scale.usual / limit)
        let most = usual.upperBound * max(scale.range.upperBound, scale.usual * limit)
        guard rate > 0, least > 0, rate > most || rate < least else { return nil }
        (self.name, self.rate) = (name, rate)
        self.usual = scale.usual * (rate > most ? usual.upperBound : usual.lowerBound)
    }

    /// Every rate of a run that is far off, the first being what the others go by.
    ///
    /// - `isWriting`: whether the model writes its answers, and no head is trained.
    package static func found(
        in settings: TrainerSettings, for method: AttachedMethod, on loaded: LoadedModel, isWriting: Bool
    ) -> [FarRate] {
        guard settings.optimizer.ownRate(at: 1) == nil else { return [] }
        let scale = settings.optimizer.kind.rates(settings.optimizer.values)
        let usual = method.usualRate(on: loaded, isWriting: isWriting)
        // Random weights want one rate whatever the method, but what a method adds to them may still go by its own.
        let own =
            loaded.isUntrained
            ? method.declaration.rate.value(for: method.source.values, isWriting: isWriting) : usual
        let head = loaded.usualRate ?? HeadMethod.declaration.rate.rate
        let all = FarRate("lr", settings.lr, usual: usual...max(usual, own), scale)
        let parts = (settings.rates?.given ?? []).compactMap { part, rate in
            let others = part == "head" ? [usual, head] : [usual]
            return FarRate(
                "lr.\(part)", rate, usual: (others.min() ?? usual)...(others.max() ?? usual), scale)
        }
        return [all].compactMap(\.self) + parts
    }
}
