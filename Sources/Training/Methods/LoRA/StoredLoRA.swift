import Compute
import Diagnostics
import Learning

/// One layer's thin matrices as a file holds them.
struct StoredLoRA {
    private let linear: Linear
    private let config: LoRAConfig
    private let a: StoredTensor
    private let b: StoredTensor
    /// Of a decomposed one.
    private let magnitude: StoredTensor?
    /// What the base was lessened by; nil for nothing.
    private let start: LowRankStart?
    private let thirds: [Int]

    /// - `config`: the file's settings for this layer.
    /// - Throws: `missing-tensor`, `wrong-shape`, or why the start can't be found again.
    init(_ layer: PEFTLayer, config: LoRAConfig) throws {
        linear = layer.linear
        self.config = config
        let isFused =
            !layer.thirds.isEmpty && linear.outputs % 3 == 0 && config.r % layer.thirds.count == 0
        thirds = isFused && Set(layer.thirds).isSubset(of: 0..<3) ? layer.thirds : []
        a = try layer.tensor(LoRAFormat.tensorNames[0], [config.r, linear.inputs])
        b = try layer.tensor(LoRAFormat.tensorNames[1], [linear.outputs, config.r])
        magnitude = try config.isDecomposed ? layer.tensor(LoRAFormat.tensorNames[2], [linear.outputs]) : nil
        guard magnitude != nil || !layer.has(LoRAFormat.tensorNames[2]) else {
            throw Diagnostic(
                "bad-adapter",
                "\(linear.path) has a magnitude, as DoRA's layers have, and \(PEFTKeys.fileName) says no use_dora",
                hint: "set use_dora to true there if DoRA made it"
            )
        }
        start = try config.initialisation.lessensBase ? LowRankStart(of: linear, config: config) : nil
    }

    /// The adapter that makes of the base what PEFT makes of it.
    func hook() throws -> any LowRankHook {
        if !thirds.isEmpty, start == nil, magnitude == nil {
            let parts = ThirdsLoRA(
                linear, thirds: thirds, config: config.divided(by: thirds.count), seed: 0)
            if parts.take(a: a.floats(), b: b.floats()) { return parts }
        }
        let plain = LoRA(
            path: linear.path, a: Buffer(a.floats()), b: Buffer(b.floats()), config: config, start: start)
        return try magnitude.map { try DoRA(linear, plain, magnitude: Buffer($0.floats())) } ?? plain
    }
}

extension LoRAConfig {
    /// One of `count` parts of the rank, at the same scale.
    fileprivate func divided(by count: Int) -> LoRAConfig {
        var other = self
        other.r /= count
        other.alpha /= usesRankStabilisation ? Float(count).squareRoot() : Float(count)
        return other
    }
}
