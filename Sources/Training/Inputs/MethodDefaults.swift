import Learning
import Models

extension AttachedMethod {
    /// The usual method, where none was chosen; everything where weights are random.
    package static func usual(for loaded: LoadedModel, seed: UInt64) throws -> AttachedMethod {
        let usual = loaded.isUntrained ? MethodRegistry.whole : MethodRegistry.usual
        return try AttachedMethod(usual.init(), to: loaded, seed: seed, isDefault: true)
    }

    /// The learning rate with an optimizer, when none is given.
    ///
    /// - `isWriting`: whether the model writes its answers, and no head is trained.
    package func usualRate(
        on loaded: LoadedModel, isWriting: Bool, by optimizer: OptimizerChoice
    ) -> Double {
        usualRate(on: loaded, isWriting: isWriting) * optimizer.kind.rates(optimizer.values).usual
    }

    /// The learning rate with AdamW.
    package func usualRate(on loaded: LoadedModel, isWriting: Bool) -> Double {
        if let rate = loaded.usualRate { return rate }
        let own = declaration.rate.value(for: source.values, isWriting: isWriting)
        guard !changes.isEmpty else { return own }
        let base = parameters.filter { tuning.replaced[$0.name] === $0 }
        let rate = Self.rate(ofBase: base, in: loaded.model, isWriting: isWriting)
        return base.count < parameters.count ? min(own, rate) : rate
    }

    /// The rate of the method that trains such tensors of the base, whatever was named before `freeze`.
    private static func rate(
        ofBase trained: [Parameter], in model: any LanguageModel, isWriting: Bool
    ) -> Double {
        let blocks = Set(trained.filter { $0.shape.count > 1 }.map { model.part(of: $0.name) })
        let kind: any Method.Type =
            switch blocks.count {
            case 0 where trained.isEmpty: HeadMethod.self
            case 0: NormsMethod.self
            case ...max(1, model.config.blocks / 2) where !blocks.contains(.embeddings): LastMethod.self
            default: MethodRegistry.whole
            }
        return kind.declaration.rate.value(
            for: SettingValues(kind.declaration.settings), isWriting: isWriting)
    }
}

extension LoadedModel {
    /// The learning rate that random weights want, whatever the method; nil for others.
    package var usualRate: Double? { isUntrained ? Self.untrainedRate : nil }

    package static let untrainedRate = 2e-3
}
