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
        if !kept.isFinished {
            let isNamed = RunName.number(of: kept.name) == nil
            text +=
                "; resume would finish \(kept.name) instead\(isNamed ? "" : ", which has no name (as=…) and is not kept beside this run")"
        }
        remarks.append("\(text); write \(method) once more to start anew")
    }
}

extension Continuation {
    /// Lets the best of the earlier runs stay the one to be beaten, where the next is judged as they were and trains
    /// the same tensors, and says where it does not, or where it cannot come back.
    mutating func keepBest(for validation: Validation?, judging: JudgingSettings, over trainer: Trainer) {
        guard let best = history.best else { return }
        let place = "the best validation so far, at step \(best.record.steps.grouped),"
        if let what = Self.change(since: best, for: validation, judging: judging, over: trainer) {
            history.best = nil
            remarks.append("\(place) does not count any more: \(what)")
        } else if best.weights == nil, validation != nil, judging.kept != .lastOnly {
            remarks.append(
                "\(place) is still the one to beat, but its weights were not held: they cannot come back")
        }
    }

    /// Why a best validation says nothing of those to come; nil where it does.
    private static func change(
        since best: BestWeights, for validation: Validation?, judging: JudgingSettings, over trainer: Trainer
    ) -> String? {
        let (was, figure) = (DecidingFigure.named(best.record.figure), judging.deciding)
        // Without anything to judge by it stays what it is.
        if validation != nil, was.name != figure.name {
            return "the \(was.title) decided then, and now the \(figure.title) does"
        }
        if let validation, best.record.texts != validation.decidingHash {
            return "it was judged by other texts"
        }
        // In whatever order: groups of the optimizer have one of their own, as where some are spared from decay.
        func shapes(_ tensors: [NamedTensor]) -> [String] {
            tensors.map { "\($0.name) \($0.shape)" }.sorted()
        }
        let isAlike = best.weights.map { shapes($0) == shapes(trainer.tuning.namedTensors) } ?? true
        return isAlike ? nil : "what is trained is not what was trained then"
    }

    /// Goes on without it, where its settings keep other values.
    package mutating func dropOptimizer() {
        optimizer = nil
        remarks.append("what is trained or the optimizer's settings are others, so its state begins afresh")
    }
}
