import Language
import Learning

/// Keys of every verb that makes updates, declared once.
extension VerbParameter where Wanted == Int {
    static var batch: VerbParameter<Int> {
        VerbParameter<Int>("batch", "examples whose gradients make one step", 1...65_536, default: 8)
            .also("batch_size", "per_device_train_batch_size", "micro_batch_size")
    }
}

extension VerbParameter where Wanted == Double {
    static var clip: VerbParameter<Double> {
        VerbParameter<Double>("clip", "largest norm of all gradients; 0 for no limit", .from(0), default: 1)
            .also("max_grad_norm")
    }
}

extension VerbParameter where Wanted == Bool {
    static var checkpointing: VerbParameter<Bool> {
        VerbParameter<Bool>(
            "checkpointing",
            "compute each block once more on the way back: less memory, more time, the same bytes",
            default: false
        ).also("gradient_checkpointing")
    }
}

extension ChosenSettings where Registry == OptimizerRegistry {
    static var optimizer: ChosenSettings {
        ChosenSettings("how gradients change the weights").also("optim")
    }

    /// - Throws: also where its settings do not go together.
    func optimizer(in arguments: Arguments) throws -> OptimizerChoice {
        try locating(arguments.span(of: chooser)) {
            let choice = try self.choice(in: arguments)
            _ = try choice.made(for: [], workers: nil)
            return choice
        }
    }
}
