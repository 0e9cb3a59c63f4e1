import Learning
import Models

extension AttachedMethod {
    /// The usual method, where none was chosen; everything where weights are random.
    package static func usual(for loaded: LoadedModel, seed: UInt64) throws -> AttachedMethod {
        let usual = loaded.isUntrained ? MethodRegistry.whole : MethodRegistry.usual
        return try AttachedMethod(usual.init(), to: loaded.model, seed: seed, isDefault: true)
    }

    /// The learning rate when none is given.
    ///
    /// - `isWriting`: whether the model writes its answers, and no head is trained.
    package func usualRate(on loaded: LoadedModel, isWriting: Bool) -> Double {
        loaded.usualRate ?? declaration.rate.value(for: source.values, isWriting: isWriting)
    }
}

extension LoadedModel {
    /// The learning rate that random weights want, whatever the method; nil for others.
    package var usualRate: Double? { isUntrained ? Self.untrainedRate : nil }

    package static let untrainedRate = 2e-3
}
