import Language
import Learning
import Training

extension LoadedModel {
    /// How the learning rate is found, for help: `lora 1e-3 (5e-4 with a prompt), …, nano 2e-3`.
    static var usualRates: String {
        let methods = MethodRegistry.all.map { "\($0.declaration.name) \($0.declaration.rate.text)" }
        let optimizers = OptimizerRegistry.all.compactMap { optimizer -> String? in
            let factor = optimizer.rates(SettingValues(optimizer.declaration.settings)).usual
            return factor == 1 ? nil : "\(formatted(factor)) times that with \(optimizer.declaration.name)"
        }
        return "by the method: "
            + (methods + ["nano \(UsualRate(untrainedRate).text)"] + optimizers).joined(separator: ", ")
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
