import Learning
import Models
import Training

extension AttachedMethod {
    /// The learning rate when none is given.
    func usualRate(on loaded: LoadedModel, with task: LearningTask) -> Double {
        if loaded.isUntrained { return 2e-3 }
        if method.name != "lora" { return method.name == "full" ? 2e-5 : 1e-4 }
        return task.objective.parameters.isEmpty ? 5e-4 : 1e-3
    }
}

extension EngineState {
    /// The method that was chosen, else LoRA as PEFT has it, or everything where weights are random.
    mutating func preparedMethod(seed: UInt64) throws -> AttachedMethod {
        if let method { return method }
        let loaded = try requiredModel(for: "train")
        let usual: any TuningMethod = loaded.isUntrained ? FullMethod() : LowRankMethod()
        let attached = try AttachedMethod(usual, to: loaded.model, seed: seed, isDefault: true)
        method = attached
        return attached
    }
}
