import Diagnostics
import Display
import Interchange
import JSON
import Language
import Learning
import Models
import Training

/// `model`: what to tune.
struct ModelCommand: Command {
    private let name = VerbParameter<String>(
        required: "name", "a name, a folder with config.json and safetensors, or a .gguf file",
        .name(.model, isOpen: true)
    ).positional()
    private let precision = VerbParameter<String?>(
        "precision", "how weights are held in memory",
        .choice([
            Choice("f32", "as 32-bit floats: the fastest"),
            Choice("native", "as stored, expanded a panel at a time"),
            Choice("nf4", "the blocks' matrices in four bits, doubly quantised, as QLoRA has them"),
        ])
    ).automatic("f32 where it fits in memory, else native")
    private let pooling = VerbParameter<String?>(
        "pooling", "how a text's tokens become one vector for a classifier",
        .choice([
            Choice("cls", "the first token's"), Choice("mean", "the average over all tokens"),
            Choice("last", "the last token's"),
        ])
    ).automatic("as the model was made")
    private let norm = VerbParameter<String?>(
        "head.norm", "what stands before a classifier",
        .choice([
            Choice("batch", "a batch norm over the pooled vectors", aliases: ["batchnorm", "batch_norm"])
        ])
    ).otherwise("nothing").also("head_norm")
    private let blocks = VerbParameter<Int?>(
        "blocks", "only so many of the first blocks, and what follows the last", 1...1000
    ).otherwise("all").also("num_hidden_layers")
    private let seed = VerbParameter.seed("of the random weights of nano models")
    private let ignore = VerbParameter<[String]>(
        "ignore", "keys of the model's files to go on without, where they are not supported", listOf: .text,
        default: []
    ).otherwise("none")

    var declaration: CommandDeclaration {
        CommandDeclaration(
            "model", group: .model, summary: "loads a pretrained model",
            parameters: parameters,
            examples: [
                CommandExample("model nano", "two layers of random weights, to try things out"),
                CommandExample("model nano blocks=1", "the first of them alone"),
                CommandExample("model nano head.norm=batch", "its classifier reads what a batch norm gives"),
                CommandExample(
                    "model minilm", "a small sentence encoder, fetched once", isSelfContained: false),
                CommandExample(
                    "model smollm2 precision=native", "a language model, kept as stored",
                    isSelfContained: false),
                CommandExample(
                    "model nano precision=nf4",
                    "matrices in an eighth of the memory, for lora to train beside"),
                CommandExample(
                    "model ./my-bert pooling=cls", "a folder of one's own", isSelfContained: false),
            ], foreign: ForeignSettings.model, changes: [.model, .results])
    }

    func run(_ arguments: Arguments, in context: inout Context) throws -> (any Displayable)? {
        var request = ModelRequest(
            name: arguments[name], precision: arguments[precision].flatMap(Precision.init(rawValue:)),
            pooling: arguments[pooling].flatMap(Pooling.init(rawValue:)),
            seed: UInt64(arguments[seed] ?? context.state.settings.seed), blocks: arguments[blocks],
            ignoring: Set(arguments[ignore]))
        request.headNorm = arguments[norm].flatMap(HeadNorm.init(rawValue:))
        let loaded: LoadedModel
        do {
            loaded = try context.loading { try ModelCatalog.load(request, in: $0) }
        } catch let problem as Diagnostic {
            let isAboutBlocks = problem.setting == blocks.declaration.name
            throw problem.located(
                at: isAboutBlocks ? arguments.span(of: blocks) : arguments.span(of: name))
        }
        let note = context.state.engine.adoptInPlaceOfDefault(loaded)
        return Self.summary(of: loaded, notes: note.map { [$0] } ?? [])
    }

    static func summary(of loaded: LoadedModel, notes: [String]) -> any Displayable {
        let config = loaded.model.config
        let norm = loaded.request.headNorm.map {
            [KeyValue.Entry("head.norm", .text($0.rawValue))]
        }
        return KeyValue(
            [
                .init("model", .text(loaded.name)), .init("family", .text(config.family)),
                .init("parameters", .integer(loaded.model.store.valueCount)),
                .init("blocks", .integer(config.blocks)), .init("width", .integer(config.width)),
                .init("vocabulary", .integer(config.vocabulary)),
                .init("context", .integer(config.context)),
                .init("held", .text(loaded.model.store.held.text)),
                .init("pooling", .text(loaded.pooling.rawValue)),
            ] + (norm ?? []) + [.init("source", .text(loaded.source))], notes: notes + loaded.notes)
    }
}
