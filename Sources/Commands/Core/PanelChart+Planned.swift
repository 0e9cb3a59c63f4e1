import Display
import Training

extension PanelChart.Epoch {
    /// More than nobody tells apart: then some are left out, evenly, and the last is there.
    private static let mostPlanned = 240

    /// Those of earlier runs over the same weights, then the run's own, done or not.
    static func planned(of run: Run) -> [PanelChart.Epoch] {
        var epochs: [PanelChart.Epoch] = []
        for record in run.earlier.epochs {
            epochs.append(
                .init(
                    number: Int(record.epoch.rounded(.up)), first: epochs.last?.last ?? 0, last: record.steps)
            )
        }
        let (start, each) = (run.trainer.start, max(1, run.trainer.stepsPerEpoch))
        let count = run.trainer.epochCount
        let stride = max(1, (count + mostPlanned - 1) / mostPlanned)
        for index in Swift.stride(from: (count - 1) % stride, to: count, by: stride) {
            epochs.append(
                .init(
                    number: start.epochs + index + 1, first: start.steps + index * each,
                    last: start.steps + min((index + 1) * each, run.trainer.totalSteps)))
        }
        return epochs
    }
}
