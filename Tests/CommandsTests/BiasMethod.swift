import Diagnostics
import Learning
import Models
import Training

/// A method that no source knows: the biases alone, as BitFit has it.
struct BiasMethod: Method {
    static let declaration = MethodDeclaration(
        "biases", summary: "tunes the biases alone", details: "Weights stay as they are.",
        settings: [
            .layers,
            SettingDeclaration(
                "start", "what each bias begins with",
                .choice([.init("own", "the base's"), .init("zero", "0")]),
                usual: .word("own"), aliases: ["init_biases"]),
            MethodDeclaration.seed,
        ],
        rate: UsualRate(3e-3, (.given("layers"), 7e-3)),
        examples: [.init("biases layers=last:1", "those of the last block")],
        foreign: [ForeignSetting("bias", "it is all biases", accepted: ["all"])])

    let values: SettingValues
    private let layers: LayerSelection?

    init(_ values: SettingValues) throws {
        self.values = values
        layers = try values.names("layers").map {
            try LayerSelection(parsing: $0.joined(separator: ","))
        }
    }

    func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let blocks = try layers?.blocks(of: model.config.blocks) ?? Set(0..<model.config.blocks)
        let chosen = model.store.parameters.filter { parameter in
            guard case .block(let index) = model.part(of: parameter.name) else { return false }
            return parameter.name.hasSuffix(".bias") && blocks.contains(index)
        }
        guard !chosen.isEmpty else {
            throw Diagnostic("no-biases", "this model has no biases", about: "layers")
        }
        var tuning = Tuning(reach: .block(blocks.min() ?? 0))
        for parameter in chosen { tuning.replaced[parameter.name] = parameter.successor() }
        let own = chosen.compactMap { tuning.replaced[$0.name] }
        tuning.groups = [ParameterGroup(own)]
        if values.word("start") == "zero" {
            for parameter in own {
                let values = parameter.writable()
                for index in 0..<parameter.count { values.pointer[index] = 0 }
            }
        }
        return tuning
    }
}
