import Language
import Learning
import Models
import Training

extension AttachedMethod {
    /// The learning rate when none is given.
    func usualRate(on loaded: LoadedModel, with task: LearningTask) -> Double {
        loaded.usualRate
            ?? declaration.rate.value(for: source.values, isWriting: task.objective.parameters.isEmpty)
    }
}

extension EngineState {
    /// The method that was chosen, else the usual one, or everything where weights are random.
    mutating func preparedMethod(seed: UInt64) throws -> AttachedMethod {
        if let method { return method }
        let loaded = try requiredModel(for: "train")
        let usual = loaded.isUntrained ? MethodRegistry.whole : MethodRegistry.usual
        let attached = try AttachedMethod(usual.init(), to: loaded.model, seed: seed, isDefault: true)
        method = attached
        return attached
    }
}

extension LoadedModel {
    /// The learning rate that random weights want, whatever the method; nil for others.
    var usualRate: Double? { isUntrained ? Self.untrainedRate : nil }

    private static let untrainedRate = 2e-3

    /// How the learning rate is found, for help: `lora 1e-3 (5e-4 with a prompt), …, nano 2e-3`.
    static var usualRates: String {
        let methods = MethodRegistry.all.map { "\($0.declaration.name) \($0.declaration.rate.text)" }
        return "by the method: "
            + (methods + ["nano \(UsualRate(untrainedRate).text)"]).joined(separator: ", ")
    }
}

extension UsualRate {
    /// `0.001 (0.0005 with a prompt)`
    fileprivate var text: String {
        let others = exceptions.map { exception in
            switch exception.circumstance {
            case .writing: "\(formatted(exception.rate)) with a prompt"
            case .given(let name): "\(formatted(exception.rate)) with \(name)="
            }
        }
        return formatted(rate) + (others.isEmpty ? "" : " (\(others.joined(separator: ", ")))")
    }
}
