import Compute
import Diagnostics
import Learning

/// Updates at rising rates, over a copy of what is tuned: what they do to the loss is all that stays of them.
///
/// They are the updates of any run, with another rate each; the weights, and whatever stands on them, are nobody's but
/// its trainer's, which goes with it.
package final class RateSearch {
    package let trainer: Trainer
    package private(set) var curve: RateCurve

    /// - `settings`: of the updates; their number and their rates are the range's.
    /// - Throws: `no-examples`; what the trainer and the task bring up; `Interrupted`.
    package init(
        _ inputs: RunInputs, over range: RateRange, settings: TrainerSettings, workers: Workers,
        interruption: Interruption
    ) throws {
        var settings = settings
        (settings.lr, settings.maxSteps) = (Float(range.from), range.steps)
        let examples = try inputs.learnable(
            seed: settings.seed, workers: workers, interruption: interruption
        ).encoded
        trainer = try Trainer(
            model: inputs.model.model, task: inputs.task, tuning: inputs.method.tuning.copy(),
            examples: examples, settings: settings, workers: workers,
            rates: { Float(range.rate(at: $0)) })
        curve = RateCurve(planned: range.steps)
    }

    /// One update; nothing once the curve has ended.
    ///
    /// - Throws: `Interrupted` before it, and it may go on; what else than a loss that is no number keeps it from being
    ///   made, such as a base whose weights are none.
    package func advance(_ interruption: Interruption) throws {
        guard curve.ending == nil else { return }
        do {
            let progress = try trainer.update(interruption: interruption)
            curve.add(rate: Double(progress.lr), loss: progress.loss)
        } catch let problem as Diagnostic where problem.code == Trainer.notFinite && trainer.step > 0 {
            curve.endWithoutNumber()
        }
    }
}
