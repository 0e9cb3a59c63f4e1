import Compute
import Diagnostics
import JSON
import Learning

/// VeRA in PEFT's files.
package struct VeRAFormat: PEFTLayerFormat {
    package static let peftType = "VERA"
    package static let name = "VeRA"
    package static let method: any Method.Type = VeRAMethod.self
    package static let tensorNames = ["vera_lambda_b", "vera_lambda_d"]
    package static let sharedNames = ["vera_A", "vera_B"]
    package static let layerBias = "vera_only"
    /// Of PEFT's `VeraConfig`.
    package static let keys: [String: KeyDecision] = [
        "r": .used, "vera_dropout": .used, "save_projection": .used, "layers_to_transform": .used,
        "layers_pattern": .used, "bias": .only(["none", "all", "vera_only"], "none, all and vera_only"),
        "d_initial": .harmless("how λd began; the file has what became of it"),
        "init_weights": .harmless("how the vectors began; the file has what became of them"),
        "projection_prng_key": .harmless("drew the matrices that the file holds; without them it is refused"),
    ]

    private let rank: Int
    private let dropout: Float

    package init(reading keys: PEFTKeys) throws {
        rank = try keys.rank("r", usual: 256)
        dropout = Float(try keys.number("vera_dropout", usual: 0))
        guard dropout >= 0, dropout < 1 else {
            throw PEFTKeys.bad("is \(dropout), expected 0 to below 1", of: "vera_dropout")
        }
        if let saves = keys["save_projection"], saves.bool != true {
            throw PEFTKeys.unsupported(
                "save_projection", saves,
                "without them the shared matrices are PyTorch's generator's; save_projection=True in PEFT writes them"
            )
        }
    }

    package func hook(of layer: PEFTLayer) throws -> any LinearHook {
        let linear = layer.linear
        let a = try layer.shared(Self.sharedNames[0])
        let b = try layer.shared(Self.sharedNames[1])
        guard a.shape.count == 2, b.shape.count == 2, a.shape[0] == rank, b.shape[1] == rank,
            a.columns >= linear.inputs, b.rows >= linear.outputs
        else {
            throw Diagnostic(
                "wrong-shape",
                "vera_A is \(a.shape) and vera_B \(b.shape), too small for \(linear.path) at r=\(rank)",
                hint: "was the adapter made for another base model?")
        }
        return VeRA(
            path: linear.path, d: Buffer(try layer.tensor(Self.tensorNames[1], [rank]).floats()),
            b: Buffer(try layer.tensor(Self.tensorNames[0], [linear.outputs]).floats()),
            projections: VeRAProjections(a: a, b: b),
            dropout: dropout)
    }

    package var values: SettingValues {
        SettingValues(
            VeRAMethod.declaration.settings, ["r": .count(rank), "dropout": SettingValue(dropout)])
    }

    package init?(
        describing layers: [(path: String, hook: any LinearHook)], table: (any TableHook)?,
        called names: [String]
    ) {
        guard table == nil else { return nil }
        let hooks = layers.compactMap { $0.hook as? VeRA }
        guard hooks.count == layers.count, let first = hooks.first else { return nil }
        (rank, dropout) = (first.d.count, first.dropout)
    }

    package var json: JSONObject {
        [
            "d_initial": 0.1, "init_weights": true, "projection_prng_key": 0, "r": .integer(rank),
            "save_projection": true, "vera_dropout": .number(written: dropout),
        ]
    }

    package static func tensors(of hook: any LinearHook) -> [Parameter]? { (hook as? VeRA)?.parameters }

    package static func shared(of hooks: [any LinearHook]) -> [Parameter] {
        hooks.lazy.compactMap { $0 as? VeRA }.first.map { [$0.projections.a, $0.projections.b] } ?? []
    }
}
