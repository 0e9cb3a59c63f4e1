import Diagnostics
import Learning
import Models

/// Representation finetuning: LoReFT, DiReFT or NoReFT on what blocks give (Wu et al. 2024).
package struct ReFTMethod: Method {
    private static let verb = "reft"

    package static let declaration = MethodDeclaration(
        verb, title: "ReFT",
        summary: "tunes thin changes of what blocks give at a prompt's ends, beside frozen weights",
        details: """
            What a block gives for a prompt's first and last tokens, `h`, becomes `h + (W·h + b − R·h)·Rᵀ`: R is r \
            orthonormal directions, and stays so. kind=direft leaves `− R·h` out; with kind=noreft R is any matrix. \
            Only R, W, b and the classifier are trained. Of a prompt no more than half its tokens are changed at each \
            end; the tokens of an answer never are. Where a classifier reads the text, the whole text is the prompt.

            It does not begin as the base: R and W are random. pyreft turns R by another path to the same end, so that \
            its steps are others; the formulas are the same.
            """,
        settings: [
            SettingDeclaration(
                "r", "how many directions", .count(1...256), usual: .count(4),
                aliases: ["rank", "low_rank_dimension"]),
            SettingDeclaration(
                "kind", "which formula",
                .choice([
                    .init(
                        "loreft", "orthonormal directions, a row's own share in them taken away",
                        aliases: ["loreftintervention"]),
                    .init(
                        "direft", "orthonormal directions, the share stays", aliases: ["direftintervention"]),
                    .init("noreft", "any directions, the share taken away", aliases: ["noreftintervention"]),
                ]), usual: .word(Intervention.Kind.loreft.rawValue), aliases: ["intervention_type"]),
            SettingDeclaration(
                "positions", "which tokens of a prompt: f7+l7 for the first and last seven", .text,
                usual: .word("f1+l1"), aliases: ["position"]),
            .layers,
            SettingDeclaration(
                "share", "one change for first and last tokens", .flag, usual: .flag(false),
                aliases: ["share_weights"]),
            SettingDeclaration(
                "dropout", "share of what a changed token becomes that is left out in training",
                .number(from: 0, to: 0.95), usual: .number(0)),
            SettingDeclaration(
                "add_bias", "whether NoReFT's directions have a bias", .flag, otherwise: "no"),
            MethodDeclaration.seed,
        ],
        // As the authors have it for instructions and for common sense.
        rate: UsualRate(9e-4),
        examples: [
            .init("reft", "LoReFT at the first and the last token, in all blocks"),
            .init(
                "reft r=1 positions=f3+l3 layers=last:1 share=yes",
                "one change for both ends of the last block"),
            .init("reft kind=direft low_rank_dimension=2", "without taking the own share away"),
        ],
        foreign: ForeignSetting.passedOver("the model is the loaded one", "model_name_or_path", "model") + [
            ForeignSetting(
                "component", "what a block gives is changed", accepted: ["block_output"]),
            ForeignSetting(
                "act_fn", "what W gives is taken as it is", accepted: ["linear"] + ForeignSetting.none),
            ForeignSetting("unit", "tokens are changed", accepted: ["pos"]),
        ])

    package static var blockFormat: (any BlockFormat.Type)? { ReFTFormat.self }

    package let values: SettingValues
    private let kind: Intervention.Kind
    private let rank: Int
    private let positions: ReFTPositions
    private let layers: LayerSelection
    private let isShared: Bool

    package init(_ values: SettingValues) throws {
        self.values = values
        kind = values.word("kind").flatMap(Intervention.Kind.init) ?? .loreft
        rank = values.count("r") ?? 1
        positions = try ReFTPositions(parsing: values.word("positions") ?? "f1+l1")
        layers = try LayerSelection(parsing: values.names("layers")?.joined(separator: ",") ?? "all")
        isShared = values.flag("share")
        guard kind == .noreft || !values.flag("add_bias") else {
            throw Diagnostic(
                "bad-value", "add_bias is of kind=noreft, and not of kind=\(kind.rawValue)",
                about: "add_bias", hint: "leave it out, or write kind=noreft")
        }
    }

    package func tuning(of model: any LanguageModel, seed: UInt64) throws -> Tuning {
        guard rank <= model.config.width else {
            throw Diagnostic(
                "bad-value", "r=\(rank) is more than the width of what blocks give, \(model.config.width)",
                about: "r")
        }
        let hooks = try layers.blocks(of: model.config.blocks).map { block in
            (
                block,
                ReFT(
                    first: positions.first, last: positions.last,
                    interventions: (0..<positions.changeCount(isShared: isShared)).map { end in
                        Intervention(
                            path: "\(model.path(ofBlock: block)).reft.\(end)", kind: kind,
                            width: model.config.width, rank: rank, hasDirectionBias: values.flag("add_bias"),
                            seed: seed)
                    }, dropout: values.single("dropout"))
            )
        }
        return Tuning(of: Dictionary(uniqueKeysWithValues: hooks))
    }

    package func remarks(on model: any LanguageModel, isWriting: Bool) -> [String] { Self.remarks }

    static let remarks = [
        "this does not begin as the base: the directions are random, and what is judged before the first step is not the base"
    ]
}

extension Tuning {
    /// These changes of blocks and nothing else.
    init(of hooks: [Int: ReFT]) {
        let blocks = hooks.keys.sorted()
        var made = Tuning(reach: blocks.first.map { .block($0) } ?? .head)
        let groups = blocks.flatMap { hooks[$0]?.groups ?? [] }
        // All that are trained alike are one group.
        let plain = groups.filter(\.isPlain).flatMap(\.parameters)
        made.groups = (plain.isEmpty ? [] : [ParameterGroup(plain)]) + groups.filter { !$0.isPlain }
        for block in blocks { made.outputs[block] = hooks[block] }
        made.beginsElsewhere = true
        self = made
    }
}

extension LanguageModel {
    /// What the paths of a block's layers begin with: `encoder.layer.3`.
    func path(ofBlock index: Int) -> String {
        let inside = linears.lazy.map(\.path).first { self.blockIndex(of: $0) == index } ?? ""
        let parts = inside.split(separator: ".")
        let number = parts.firstIndex { $0 == "\(index)" } ?? 0
        return parts[...number].joined(separator: ".")
    }
}
