import Display
import Language
import Learning
import Training

/// `lora`: thin corrections beside frozen weights.
struct LoRACommand: Command {
    private let rank = Language.Parameter<Int>("r", "rank of the update", 1...256, default: 8)
        .also("rank", "lora_r", "lora_rank")
    private let alpha = Language.Parameter<Double>(
        "alpha", "scale: alpha / r multiplies the update", .above(0, to: 4096), default: 16
    ).also("lora_alpha")
    private let dropout = Language.Parameter<Double>(
        "dropout", "share of the update's inputs left out in training", .from(0, to: 0.95), default: 0.05
    ).also("lora_dropout")
    private let targets = Language.Parameter<[String]?>(
        "targets", "which layers: names, ends of names, q k v o up gate down mlp attn, or all-linear",
        listOf: .name(.target, isOpen: true)
    ).also("target_modules", unlessGiven: "none").also("lora_target", "lora_target_modules").automatic(
        "query and value, as PEFT has it")
    private let layers = Language.Parameter<[String]?>(
        "layers", "which blocks: last:6, first:2, 0-5 or 1,3,5", listOf: .text
    ).also("layers_to_transform", unlessGiven: "none").otherwise("all blocks")
    private let rslora = Language.Parameter<Bool>(
        "rslora", "divide alpha by the root of r instead of r", default: false
    ).also("use_rslora")
    private let initial = Language.Parameter<String>(
        "init", "how A begins; B is zero, so that nothing changes at first",
        .choice([
            Choice("kaiming", "uniform within ±1/√inputs, PEFT's default", aliases: ["true"]),
            Choice("gaussian", "normal with deviation 1/r"), Choice("normal", "standard normal"),
        ]), default: "kaiming"
    ).also("init_lora_weights")
    private let seed = Language.Parameter<Int?>("seed", "of the first values", 0...Int.max)
        .otherwise("the session's seed")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "lora", group: .method, summary: "tunes thin corrections of rank r beside frozen weights",
            details:
                "A layer `W·x` becomes `W·x + alpha/r · B(A·x)`; only A, B and the classifier are trained.",
            parameters: [
                rank.declaration, alpha.declaration, dropout.declaration, targets.declaration,
                layers.declaration, rslora.declaration, initial.declaration, seed.declaration,
            ],
            examples: [
                CommandExample("lora r=8 alpha=16 dropout=0.1", "the usual size", after: "model nano"),
                CommandExample(
                    "lora r=4 targets=q,v layers=last:1", "only the last block", after: "model nano"),
                CommandExample(
                    "lora lora_alpha=32 target_modules=(query key value)", "in PEFT's words",
                    after: "model nano"),
            ], foreign: ForeignSettings.lora, changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        let loaded = try context.readyModel(for: arguments.verb.text)
        var config = LoRAConfig()
        config.r = arguments[rank]
        config.alpha = try arguments.single(alpha)
        config.dropout = try arguments.single(dropout)
        config.usesRankStabilisation = arguments[rslora]
        config.initialisation = LoRAConfig.Initialisation(rawValue: arguments[initial]) ?? .kaiming
        let method = LowRankMethod(
            config: config, targets: arguments[targets] ?? [],
            layers: try locating(arguments.span(of: layers)) {
                try arguments[layers].map { try LayerSelection(parsing: $0.joined(separator: ",")) }
            })
        let seed = UInt64(arguments[seed] ?? context.state.settings.seed)
        let attached = try locating(arguments.span(of: targets)) {
            try AttachedMethod(method, to: loaded.model, seed: seed)
        }
        context.state.engine.adopt(attached)
        return ParameterCount(of: context.state.engine)?.summary(method: attached.summary)
    }
}
