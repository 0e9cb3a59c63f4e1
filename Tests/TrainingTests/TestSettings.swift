import Learning
import Training

extension TrainerSettings {
    /// AdamW's, as most tests have it.
    var weightDecay: Double {
        get { optimizer.values.number("weight_decay") ?? 0 }
        set { optimizer = OptimizerChoice(AdamW.self, ["weight_decay": .number(newValue)]) }
    }
}
