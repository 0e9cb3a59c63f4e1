import Compute
import Diagnostics
import JSON
import Learning
import Models

/// ReFT in files: settings in the words of pyreft's training program, tensors by the names of its modules.
///
/// pyreft writes its own as Python objects (`intkey_….bin`), which can run code and are not read here;
/// docs/pyreft.md turns one into the other.
package struct ReFTFormat: BlockFormat {
    package static let method: any Method.Type = ReFTMethod.self
    package static let name = "ReFT"
    package static let program = "pyreft"
    package static let fileName = "reft_config.json"
    package static let weightsName = "reft_model.safetensors"
    package static let keys: [String: KeyDecision] = [
        "intervention_type": .used, "rank": .used, "position": .used, "layers": .used,
        "share_weights": .used, "dropout": .used, "add_bias": .used,
        "act_fn": .only(["linear"], "linear, which is none"),
        "component": .only(["block_output"], "block_output"),
        "base_model_name_or_path": .harmless("the loaded one's shapes are checked"),
    ]

    private static let classes: [(kind: Intervention.Kind, name: String)] = [
        (.loreft, "LoreftIntervention"), (.direft, "DireftIntervention"), (.noreft, "NoreftIntervention"),
    ]

    private let kind: Intervention.Kind
    private let rank: Int
    private let positions: ReFTPositions
    private let blocks: [Int]
    private let isShared, hasDirectionBias: Bool
    private let dropout: Double

    package init(reading config: JSON) throws {
        func bad(_ key: String, _ expected: String) -> Diagnostic {
            let found = config[key].map { "is \($0.text().prefix(40))" } ?? "is not there"
            return Diagnostic("bad-adapter", "\(Self.fileName): \(key) \(found), expected \(expected)")
        }
        func flag(_ key: String) throws -> Bool {
            guard let value = config[key], !value.isNull else { return false }
            guard let flag = value.bool else { throw bad(key, "true or false") }
            return flag
        }
        guard let found = Self.classes.first(where: { $0.name == config["intervention_type"]?.string }) else {
            throw bad("intervention_type", Self.classes.map(\.name).joined(separator: ", "))
        }
        guard let rank = config["rank"]?.integer, (1...65_536).contains(rank) else {
            throw bad("rank", "a whole number from 1")
        }
        guard let text = config["position"]?.string, let positions = try? ReFTPositions(parsing: text) else {
            throw bad("position", "a prompt's tokens such as f1+l1")
        }
        guard let layers = config["layers"]?.string,
            case .these(let blocks)? = try? LayerSelection(parsing: layers)
        else { throw bad("layers", "numbers of blocks such as 2;10;18") }
        let share = config["dropout"] ?? 0
        guard let number = share.isNull ? 0 : share.number else { throw bad("dropout", "a number") }
        dropout = number
        guard (0..<1).contains(dropout) else { throw bad("dropout", "a number from 0 and below 1") }
        (kind, self.rank, self.positions, self.blocks) = (found.kind, rank, positions, blocks.sorted())
        (isShared, hasDirectionBias) = (try flag("share_weights"), try flag("add_bias"))
        guard kind == .noreft || !hasDirectionBias else {
            throw bad("add_bias", "false beside \(found.name)")
        }
    }

    package func hooks(
        of model: any LanguageModel, _ find: (_ name: String, _ shape: [Int]) throws -> StoredTensor
    ) throws -> [Int: any BlockHook] {
        guard rank <= model.config.width else {
            throw Diagnostic(
                "wrong-base",
                "\(Self.fileName) has rank \(rank), and this model is \(model.config.width) wide",
                hint: "load the model that it was made for")
        }
        if let stranger = blocks.first(where: { $0 >= model.config.blocks }) {
            throw Diagnostic(
                "wrong-base",
                "\(Self.fileName) names block \(stranger), and this model has \(model.config.blocks), counted from 0",
                hint: "load the model that it was made for")
        }
        let (width, ends) = (model.config.width, positions.changeCount(isShared: isShared))
        return try Dictionary(
            uniqueKeysWithValues: blocks.map { block in
                let interventions = try (0..<ends).map { end in
                    let path = "\(model.path(ofBlock: block)).reft.\(end)"
                    func parameter(_ name: String, _ shape: [Int]) throws -> Parameter {
                        let tensor = try find("\(Self.key(block, end)).\(name)", shape)
                        return Parameter(
                            name: "\(path).\(name)", shape: shape, buffer: Buffer(tensor.floats()))
                    }
                    return Intervention(
                        kind: kind,
                        directions: kind == .noreft
                            ? try parameter("proj_layer.weight", [rank, width])
                            : try parameter("rotate_layer", [width, rank]),
                        directionBias: hasDirectionBias ? try parameter("proj_layer.bias", [rank]) : nil,
                        source: try parameter("learned_source.weight", [rank, width]),
                        bias: try parameter("learned_source.bias", [rank]), path: path)
                }
                let hook = ReFT(
                    first: positions.first, last: positions.last, interventions: interventions,
                    dropout: Float(dropout))
                return (block, hook as any BlockHook)
            })
    }

    package var values: SettingValues {
        var given: [String: SettingValue] = [
            "r": .count(rank), "kind": .word(kind.rawValue), "positions": .word(positions.description),
            "share": .flag(isShared), "dropout": .number(dropout), "layers": .names(blocks.map(String.init)),
        ]
        if hasDirectionBias { given["add_bias"] = .flag(true) }
        return SettingValues(ReFTMethod.declaration.settings, given)
    }

    package var remarks: [String] { [] }

    // MARK: - Writing

    package init?(describing hooks: [Int: any BlockHook]) {
        let own = hooks.compactMapValues { $0 as? ReFT }
        blocks = own.keys.sorted()
        guard own.count == hooks.count, let first = blocks.first.flatMap({ own[$0] }),
            let intervention = first.interventions.first,
            let positions = try? ReFTPositions(parsing: "f\(first.first)+l\(first.last)")
        else { return nil }
        func isAlike(_ hook: ReFT) -> Bool {
            (hook.first, hook.last, hook.interventions.count) == (
                first.first, first.last, first.interventions.count
            )
                && hook.dropout == first.dropout
                && hook.interventions.allSatisfy {
                    $0.kind == intervention.kind && $0.rank == intervention.rank
                        && ($0.directionBias == nil) == (intervention.directionBias == nil)
                }
        }
        guard own.values.allSatisfy(isAlike) else { return nil }
        self.positions = positions
        (kind, rank) = (intervention.kind, intervention.rank)
        hasDirectionBias = intervention.directionBias != nil
        isShared = positions.first > 0 && positions.last > 0 && first.interventions.count == 1
        dropout = Double("\(first.dropout)") ?? Double(first.dropout)
    }

    package var json: JSONObject {
        [
            "act_fn": nil, "add_bias": .bool(hasDirectionBias), "component": "block_output",
            "dropout": .number(written: dropout),
            "intervention_type": .string(Self.classes.first { $0.kind == kind }?.name ?? ""),
            "layers": .string(blocks.map(String.init).joined(separator: ";")),
            "position": .string(positions.description), "rank": .integer(rank),
            "share_weights": .bool(isShared),
        ]
    }

    package static func tensors(
        of hook: any BlockHook, in block: Int
    ) -> [(name: String, parameter: Parameter)] {
        guard let hook = hook as? ReFT else { return [] }
        return hook.interventions.enumerated().flatMap { end, own in
            let directions = own.kind == .noreft ? "proj_layer.weight" : "rotate_layer"
            var all = [(directions, own.directions)]
            if let bias = own.directionBias { all.append(("proj_layer.bias", bias)) }
            all += [("learned_source.weight", own.source), ("learned_source.bias", own.bias)]
            return all.map { ("\(key(block, end)).\($0)", $1) }
        }
    }

    /// What pyvene calls a block's first intervention, and its second.
    private static func key(_ block: Int, _ end: Int) -> String {
        "layer_\(block)_comp_block_output_unit_pos_nunit_1#\(end)"
    }
}
