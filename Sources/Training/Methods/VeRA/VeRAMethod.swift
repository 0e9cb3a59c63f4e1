import Compute
import Diagnostics
import Learning
import Models
import System

/// VeRA on the layers that `targets` and `layers` name (Kopiczko et al. 2024).
package struct VeRAMethod: Method {
    private static let verb = "vera"

    package static let declaration = MethodDeclaration(
        verb, title: "VeRA",
        summary: "tunes vectors that scale two random matrices, which all layers share",
        details: """
            A layer `W·x` becomes `W·x + λb ∘ B·(λd ∘ A·x)`. A and B are drawn once for the whole model and never \
            trained; the vectors λd and λb of each layer and the classifier are. Far fewer values than LoRA's, at the \
            cost of LoRA at the same r.
            """,
        settings: [
            SettingDeclaration(
                "r", "rank of the shared matrices, many times LoRA's", .count(1...4096), usual: .count(256),
                aliases: ["rank"]),
            SettingDeclaration(
                "dropout", "share of the update's inputs left out in training", .number(from: 0, to: 0.95),
                usual: .number(0), aliases: ["vera_dropout"]),
            SettingDeclaration(
                "d_initial", "what λd begins as; λb begins at 0, so that nothing changes at first",
                .number(from: 0, to: 100, isOpen: true), usual: .number(0.1)),
            .targets(usually: "query and value, as PEFT has it"),
            .layers,
            SettingDeclaration(
                MethodDeclaration.seed.name, "of the shared matrices", MethodDeclaration.seed.kind,
                otherwise: "the session's seed"),
        ],
        // The publication's for RoBERTa-base on GLUE lie between 2e-3 and 1e-2 (its table 9).
        rate: UsualRate(4e-3),
        examples: [
            .init("vera", "query and value, r=256"),
            .init("vera r=64 targets=q,v,down layers=last:2", "other layers"),
        ],
        foreign: ForeignSetting.peft(verb: verb) + [
            ForeignSetting(
                "save_projection", "save writes the matrices beside the vectors",
                accepted: ["true", "yes", "on", "1"]),
            ForeignSetting(
                "projection_prng_key", "seed draws the matrices, by a generator of our own"),
            ForeignSetting("bias", "biases stay as they are", accepted: ["none"]),
            ForeignSetting("layers_pattern", "layers counts the blocks", accepted: ForeignSetting.none),
            ForeignSetting(
                "init_weights", "λb begins at 0, so that nothing changes at first",
                accepted: ["true", "yes", "on", "1"]),
        ])

    package static let peft: (any PEFTFormat.Type)? = VeRAFormat.self

    package let values: SettingValues
    private let targets: TargetSelection

    package init(_ values: SettingValues) throws {
        self.values = values
        targets = try TargetSelection(values)
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        let chosen = try targets.chosen(in: model)
        if let part = chosen.first(where: { !$0.thirds.isEmpty }) {
            throw Diagnostic(
                "unknown-target",
                "vera changes a layer's outputs as a whole, and not thirds of \(part.linear.path)",
                about: "targets", hint: "write targets=c_attn")
        }
        let linears = chosen.map(\.linear)
        let rank = values.count("r") ?? 256
        let shared = Self.projections(
            rank: rank, inputs: linears.map(\.inputs).max() ?? 0,
            outputs: linears.map(\.outputs).max() ?? 0, seed: seed)
        let first = values.single("d_initial")
        let hooks = linears.map { linear in
            VeRA(
                path: linear.path, d: Buffer([Float](repeating: first, count: rank)),
                b: Buffer(zeros: linear.outputs), projections: shared, dropout: values.single("dropout"))
        }
        var tuning = Tuning(reach: model.reach(of: linears.map(\.path)))
        tuning.groups = [ParameterGroup(hooks.flatMap(\.parameters))]
        for (linear, hook) in zip(linears, hooks) { tuning.linears[linear.path] = hook }
        return tuning
    }

    /// Uniform within ±√(6 / inputs) of each matrix: Kaiming's, as PEFT draws them, by our own generator.
    private static func projections(rank: Int, inputs: Int, outputs: Int, seed: UInt64) -> VeRAProjections {
        func drawn(_ count: Int, fanIn: Int, _ purpose: String) -> Buffer {
            var random = CounterRandom(seed: seed, purpose: purpose)
            let bound = (6 / Float(fanIn)).squareRoot()
            let values = Buffer(count: count)
            for index in 0..<count { values.pointer[index] = random.uniform(bound: bound) }
            return values
        }
        return VeRAProjections(
            a: drawn(rank * inputs, fanIn: inputs, "vera.A"), b: drawn(outputs * rank, fanIn: rank, "vera.B"),
            rank: rank)
    }
}
