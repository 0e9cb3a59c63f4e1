import Display
import Language
import Learning
import Training

/// What a plan says of mistakes that would pass in silence.
extension TrainingPlan {
    /// Examples and their tokens that are not what they seem to be.
    var guards: [String] {
        let prepared = session.prepared
        var guards = inputs.task.remarks
        if prepared.leftOut.count > 0 {
            guards.append("\(prepared.leftOut.text(leaving: "nothing to learn")): they are left out")
        }
        if prepared.doubledCount > 0 {
            guards.append(
                DoubledSpecials.remark(
                    prepared.doubledCount, of: trainer.examples.count,
                    inputs.model.tokenizer.writtenSpecials))
        }
        return guards
    }

    /// Of rates that are far off.
    var rateNotes: [String] {
        let settings = session.prepared.settings
        let (name, optimizer) = (inputs.method.declaration.title, settings.optimizer.kind)
        let isUsual = optimizer == OptimizerRegistry.usual
        let whose = isUsual ? "\(name)'s usual" : "\(name)'s usual with \(optimizer.declaration.name),"
        return FarRate.found(
            in: settings, for: inputs.method, on: inputs.model, isWriting: inputs.task.parameters.isEmpty
        ).map { far in
            let times = NumberStyle.automatic.text(far.times.rounded())
            let (own, other) = (formatted(far.rate), formatted(far.usual.roundedToDigits(3)))
            return far.isTooHigh
                ? "\(far.name) \(own) is \(times) times \(whose) \(other): it may diverge"
                : "\(far.name) \(own) is \(times) times less than \(whose) \(other): little may be learned"
        }
    }

    /// What a rate that nobody gave goes by, where the optimizer's is another than AdamW's.
    var rateByOptimizer: String? {
        let settings = session.prepared.settings
        let optimizer = settings.optimizer
        guard optimizer.ownRate(at: 1) == nil, optimizer.kind.rates(optimizer.values).usual != 1 else {
            return nil
        }
        let adamw = inputs.method.usualRate(
            on: inputs.model, with: inputs.task, by: OptimizerChoice(OptimizerRegistry.usual))
        let rate = formatted(Double("\(settings.lr)") ?? 0)
        return "lr \(rate) is usual with \(optimizer.kind.declaration.name), "
            + "where adamw has \(formatted(adamw))"
    }
}

extension Double {
    fileprivate func roundedToDigits(_ digits: Int) -> Double {
        Double(NumberStyle.scientific(digits - 1).text(self)) ?? self
    }
}
