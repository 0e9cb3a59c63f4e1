import Diagnostics
import Foundation
import Learning
import Models

/// How much slower lower layers learn, and when they begin to: discriminative rates and gradual unfreezing (Howard &
/// Ruder 2018), for methods that train a model's own weights.
struct LayerRates: Sendable {
    /// What multiplies lr from one layer to the next one below: the head has lr, the last block this, and so on down
    /// to the embeddings.
    private let factor: Double?
    private let isGradual: Bool

    /// As timm and BEiT have them by `layer_decay`, ULMFiT by 1 / 2.6.
    static let settings = [
        SettingDeclaration(
            "decay", "divides lr for each layer further down from the head: 2.6 in ULMFiT",
            .number(from: 1, to: 1000), otherwise: "one rate for all", aliases: ["discriminative"]),
        SettingDeclaration(
            "layer_decay", "the same as a factor, in timm's words: 0.75",
            .number(from: 0, to: 1, isOpen: true), otherwise: "as decay says",
            aliases: ["layerwise_lr_decay"]),
        SettingDeclaration(
            "unfreeze", "what learns when",
            .choice([
                .init(
                    "gradual",
                    "the head in the first epoch, in each further one a block more, from the last down"
                ), .init("all", "everything from the first epoch on"),
            ]), otherwise: "all", aliases: ["unfreezing"]),
    ]

    /// - Throws: `two-values` where both words for the factor are given.
    init(_ values: SettingValues) throws {
        let (divisor, factor) = (values.number("decay"), values.number("layer_decay"))
        guard divisor == nil || factor == nil else {
            throw Diagnostic(
                "two-values", "decay= and layer_decay= both say how much slower lower layers learn",
                about: "layer_decay", hint: "leave one of them out")
        }
        self.factor = factor ?? divisor.map { 1 / $0 }
        isGradual = values.word("unfreeze") == "gradual"
    }

    /// A tuning of some of the model's own weights, with rates and phases.
    func applied(to tuning: Tuning, of model: any LanguageModel) -> Tuning {
        var other = tuning
        if let factor, factor != 1 {
            other.groups = tuning.groups.flatMap { group in
                let parts = Dictionary(grouping: group.parameters) { model.part(of: $0.name) }
                return parts.sorted { $0.key < $1.key }.map { part, parameters in
                    var made = group.with(parameters)
                    made.rate *= Float(pow(factor, Double(part.layersBelowHead(of: model.config.blocks))))
                    return made
                }
            }
        }
        guard isGradual else { return other }
        other.groups = other.groups.map { group in
            var group = group
            group.rests = true
            return group
        }
        other.phases = GradualUnfreezing(tuning.trainedParameters, of: model)
        return other
    }

    /// - `blocks`: how many of them are trained; `hasHead`: whether a head learns that is not tied to a table.
    func remarks(blocks: Int, reachesEmbeddings: Bool, hasHead: Bool) -> [String] {
        guard isGradual else { return [] }
        let all = (hasHead ? 1 : 0) + blocks + (reachesEmbeddings ? 1 : 0)
        let first =
            hasHead ? "the head learns alone in the first epoch" : "the last block learns in the first epoch"
        return ["\(first), then a block more in each, from the last one down: all of it in epoch \(all)"]
    }
}

extension Part {
    /// How many layers it lies below what the task reads, as timm counts them.
    fileprivate func layersBelowHead(of blocks: Int) -> Int {
        switch self {
        case .embeddings: blocks + 1
        case .block(let index): blocks - index
        case .finish, .pooler, .languageHead, .head: 0
        }
    }
}
