import Learning

extension PreparedRun {
    /// Values that learn in one of its epochs at least, of those that it trains; nil where all of them do.
    package var learnedCount: Int? {
        guard let phases = trainer.tuning.phases, trainer.stepsPerEpoch > 0 else { return nil }
        let first = trainer.start.epochs
        let count = (trainer.totalSteps + trainer.stepsPerEpoch - 1) / trainer.stepsPerEpoch
        var resting = Set(trainer.trainedParameters.map(\.name))
        // Halves are drawn: a hundred epochs leave nothing out.
        for epoch in first..<first + min(count, 100) where !resting.isEmpty {
            resting.formIntersection(phases.resting(in: epoch))
        }
        let rests = trainer.trainedParameters.filter { resting.contains($0.name) }
        return rests.isEmpty
            ? nil : trainer.trainedParameters.reduce(0) { $0 + $1.count } - rests.reduce(0) { $0 + $1.count }
    }
}
