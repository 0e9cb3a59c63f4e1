import Learning
import Models

/// What weight decay leaves alone where it does not pull on everything: biases and norms, as Hugging Face's Trainer
/// has it (`get_decay_parameter_names`).
///
/// All else decays: matrices and tables, and what adapters add, vectors such as (IA)³'s and DoRA's too.
enum WeightDecayScope {
    /// The groups, each cut in two where it has parameters of both kinds.
    static func sparing(_ groups: [ParameterGroup], of model: any LanguageModel) -> [ParameterGroup] {
        groups.flatMap { group -> [ParameterGroup] in
            guard group.decays else { return [group] }
            let spared = group.parameters.filter { isSpared($0.name, by: model) }
            guard !spared.isEmpty else { return [group] }
            var rest = group.with(spared)
            rest.decays = false
            let own = group.parameters.filter { !isSpared($0.name, by: model) }
            return own.isEmpty ? [rest] : [group.with(own), rest]
        }
    }

    /// By what the layer is, and by its name in the Trainer's words: `bias`, `layernorm`, `rmsnorm` anywhere, `norm` or
    /// `…_norm` between dots.
    static func isSpared(_ name: String, by model: any LanguageModel) -> Bool {
        if model.store.norms.contains(name) { return true }
        let name = name.lowercased()
        return ["bias", "layernorm", "rmsnorm"].contains { name.contains($0) }
            || name.split(separator: ".").contains { $0 == "norm" || $0.hasSuffix("_norm") }
    }
}
