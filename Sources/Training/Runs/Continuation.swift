import Diagnostics
import Learning

/// How a run goes on from those before it, over the same weights.
package struct Continuation {
    package var history = RunHistory()
    package var optimizer: OptimizerSnapshot?
    package var remarks: [String] = []

    /// A run that stood on this history when it was begun.
    package init(_ history: RunHistory?) { self.history = history ?? RunHistory() }

    /// - `optimizer`, `examples`: the next run's.
    package init(
        of kept: KeptRun?, method: String, with optimizer: OptimizerChoice, on examples: String
    ) {
        guard let kept else { return }
        guard kept.examples == examples else {
            remarks.append(
                "goes on from the weights of \(kept.name); the examples are others, so optimizer, order and curve begin afresh"
            )
            return
        }
        guard !kept.record.usesBest else {
            remarks.append(
                "goes on from the best weights of \(kept.name), so optimizer, order and curve begin afresh; use last would go on where it ended"
            )
            return
        }
        history = RunHistory(after: kept.record)
        history.best = kept.state.best
        let (was, new) = (kept.state.trainer.optimizer.optimizer, optimizer.kind.declaration.name)
        var text = "goes on from step \(history.start.steps.grouped)"
        if was == new {
            self.optimizer = kept.state.trainer.optimizer
        } else {
            text += "; the optimizer is another, so its state begins afresh"
        }
        if !kept.isFinished { text += "; resume would finish \(kept.name) instead" }
        remarks.append("\(text); write \(method) once more to start anew")
    }
}

extension Continuation {
    /// Lets the best of the earlier runs stay the one to be beaten, where the next is judged as they were and trains
    /// the same tensors.
    mutating func keepBest(for validation: Validation?, judging: JudgingSettings?, over trainer: Trainer) {
        guard let best = history.best else { return }
        let judging = judging ?? JudgingSettings()
        let figure = judging.deciding.name
        let own = trainer.tuning.namedTensors
        let isAlike =
            best.weights.map { weights in
                weights.map(\.name) == own.map(\.name) && weights.map(\.shape) == own.map(\.shape)
            } ?? true
        let isComparable = best.record.texts == validation?.decidingHash && best.record.figure == figure
        // What was not held cannot come back.
        let isHeld = best.weights != nil || judging.kept == .lastOnly
        if !isAlike || !isComparable || !isHeld { history.best = nil }
    }

    /// Goes on without it, where its settings keep other values.
    package mutating func dropOptimizer() {
        optimizer = nil
        remarks.append("what is trained or the optimizer's settings are others, so its state begins afresh")
    }
}
