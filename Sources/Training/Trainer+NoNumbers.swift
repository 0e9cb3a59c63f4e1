import Compute
import Diagnostics
import Learning
import Models

extension Trainer {
    /// What to say of the next step, whose loss or gradients are no numbers.
    ///
    /// Before the first step no rate has done anything yet: there it is the weights, or what is asked of them.
    /// - Throws: `not-finite` where a tensor of the base has no numbers, or the weights give none before the first step.
    func noNumber(of batch: [EncodedExample], interruption: Interruption) throws -> Diagnostic {
        try model.store.requireFinite()
        let number = (start.steps + step + 1).grouped
        guard step == 0 else {
            return Diagnostic(
                Self.notFinite,
                "the loss at step \(number) is not a finite number; training stopped before it was applied",
                hint: advice)
        }
        let evaluator = Evaluator(
            model: model, under: tuning, task: task, workers: workers, isUntuned: isUntuned)
        _ = try evaluator.evaluate(batch, interruption: interruption)
        var keys = settings.loss?.values.changes.map(\.name) ?? []
        if settings.noise != nil { keys.append("neftune") }
        var tries = keys.map { "another \($0)" }
        if !isUntuned { tries.append("the verb of the method that was trained, which begins anew") }
        return Diagnostic(
            Self.notFinite,
            "the loss or the gradients at step \(number), the first, are not finite numbers, though the model's scores are",
            hint: tries.isEmpty ? nil : "try \(tries.joined(separator: " or "))")
    }

    /// What to try where updates have come to no numbers.
    var advice: String {
        let rates = rates
        var tries: [String] = []
        if rates.count == 1 { tries.append("a smaller \(rates[0].name) (now \(rates[0].rate.written))") }
        if rates.count > 1 {
            let now = rates.map { "\($0.name) \($0.rate.written)" }.joined(separator: ", ")
            tries.append("smaller rates (now \(now))")
        }
        if settings.clip == 0 || settings.clip > 1 { tries.append("clip=1") }
        if tries.isEmpty { tries.append("relative_step=no and an lr") }
        return "try \(tries.joined(separator: " or "))"
    }
}
