import Compute
import Learning

/// Which of a run's weights.
package enum KeptWeights: String, Sendable, CaseIterable {
    case best, last
}

extension AttachedMethod {
    /// The same with the values of a run's state, the task's own in the task's parameters.
    ///
    /// - `tensors`: of everything that was trained, by name, see `TrainerState`; memory is shared until somebody
    ///   writes.
    /// - `task`: nobody else's; it is written.
    /// - Returns: nil where one of them has no place; nothing is written then.
    package func holding(_ tensors: [NamedTensor], _ task: any LearningTask) -> AttachedMethod? {
        let tuning = tuning.copy()
        // Several may have one name: they are in the same order here as there.
        var places = Dictionary(
            grouping: tuning.parameters + task.parameters + task.buffers, by: { $0.name })
        var found: [(Parameter, Buffer)] = []
        for tensor in tensors {
            guard var own = places[tensor.name], !own.isEmpty else { return nil }
            let parameter = own.removeFirst()
            guard parameter.shape == tensor.shape else { return nil }
            places[tensor.name] = own
            found.append((parameter, tensor.values))
        }
        for (parameter, values) in found { parameter.replace(with: values) }
        return with(tuning)
    }
}

extension RunState {
    /// Whether at its end the best validation's weights are to stay, and are others than the last step's.
    func bringsBestBack(by judging: JudgingSettings) -> Bool {
        guard let best = best?.record, best.steps < earlier.start.steps + step else { return false }
        if case .diverged? = ending { return true }
        return judging.kept == .best
    }
}

extension KeptRun {
    /// Of everything that was trained; nil where they were not kept.
    package func weights(_ which: KeptWeights) -> [NamedTensor]? {
        switch which {
        case .best: state.best?.weights
        case .last: state.trainer.weights
        }
    }

    /// Those that stayed at its end.
    package var endedWith: KeptWeights {
        let judging = settings.learning.judging ?? JudgingSettings()
        return state.bringsBestBack(by: judging) && state.best?.weights != nil ? .best : .last
    }

    /// The same, with the weights that the session goes on with.
    package func using(_ which: KeptWeights) -> KeptRun {
        var other = self
        other.record.usesBest = which == .best
        return other
    }
}
