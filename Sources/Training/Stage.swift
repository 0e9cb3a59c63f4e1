import Learning
import Models

/// What of a tuning learns in an epoch, and what lies below all that has learned so far.
struct Stage: Sendable {
    let epoch: Int
    /// Under which passes run: what rests is there, and gets no gradient.
    let tuning: Tuning
    let parameters: [Parameter]
    /// The numbers of these among all that is trained.
    let places: [Int]
    let trunk: TrunkCache

    /// - `whole`: with all that ever learns.
    /// - `earlier`: whose trunk goes on where nothing lower has begun to learn.
    /// - `isDrawn`: whether rows are others in each epoch.
    init(
        of whole: Tuning, in epoch: Int, of model: any LanguageModel, after earlier: Stage?, trunkLimit: Int?,
        isDrawn: Bool
    ) {
        let resting = whole.phases?.resting(in: epoch) ?? []
        self.epoch = epoch
        var tuning = resting.isEmpty ? whole : whole.freezing(resting)
        tuning.reach = whole.reach(upTo: epoch, of: model)
        let all = whole.trainedParameters
        places = all.indices.filter { !resting.contains(all[$0].name) }
        parameters = places.map { all[$0] }
        self.tuning = tuning
        let trunk = TrunkCache(model: model, tuning: tuning, limit: trunkLimit, isDrawn: isDrawn)
        self.trunk = earlier.flatMap { $0.trunk.depth == trunk.depth ? $0.trunk : nil } ?? trunk
    }
}

extension Tuning {
    /// The lowest place that differs from the base once an epoch is over: it follows what has learned by then.
    fileprivate func reach(upTo epoch: Int, of model: any LanguageModel) -> Part {
        guard let phases, isReplacementAlone else { return reach }
        let trained = Set(trainedParameters.map(\.name))
        // What is trained no more may have been.
        var lowest = model.reach(of: replaced.keys.filter { !trained.contains($0) })
        for epoch in 0...epoch where lowest > reach {
            lowest = min(lowest, model.reach(of: trained.subtracting(phases.resting(in: epoch))))
        }
        return lowest
    }
}
