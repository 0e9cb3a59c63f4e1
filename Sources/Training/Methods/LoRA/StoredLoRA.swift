import Compute
import Diagnostics
import Learning

/// One layer's thin matrices as a file holds them.
struct StoredLoRA {
    private let linear: Linear
    /// As it is attached: with twice the rank where the base was lessened by the adapter's start.
    private let config: LoRAConfig
    private let a: StoredTensor
    private let b: StoredTensor
    /// What the base was lessened by; nil for nothing.
    private let start: LowRankFactors?
    /// The factors' share in a B that is scaled: PiSSA divides them by the scale, OLoRA does not.
    private let startShare: Float
    private let thirds: [Int]

    /// - `config`: the file's settings for this layer.
    /// - Throws: `missing-tensor`, `wrong-shape`, or why the start can't be found again.
    init(_ layer: PEFTLayer, config: LoRAConfig, start: LoRAFormat.Start) throws {
        linear = layer.linear
        let isFused =
            !layer.thirds.isEmpty && linear.outputs % 3 == 0 && config.r % layer.thirds.count == 0
        thirds = isFused && Set(layer.thirds).isSubset(of: 0..<3) ? layer.thirds : []
        a = try layer.tensor(LoRAFormat.tensorNames[0], [config.r, linear.inputs])
        b = try layer.tensor(LoRAFormat.tensorNames[1], [linear.outputs, config.r])
        self.start = try Self.start(start, of: linear, rank: config.r)
        self.config = self.start == nil ? config : config.doubled
        startShare = start == .principal ? 1 / config.scale : 1
    }

    private static func start(
        _ start: LoRAFormat.Start, of linear: Linear, rank: Int
    ) throws -> LowRankFactors? {
        guard start != .zero else { return nil }
        let weight = linear.weight
        guard rank <= min(weight.rows, weight.columns) else {
            throw Diagnostic(
                "bad-adapter",
                "\(linear.path) is \(weight.shape), it has no \(rank) singular values to begin with")
        }
        do {
            return start == .principal
                ? try LowRankFactors(
                    nearestTo: weight.values(), rows: weight.rows, columns: weight.columns, rank: rank)
                : try LowRankFactors(
                    ofFirstColumnsOf: weight.values(), rows: weight.rows, columns: weight.columns,
                    rank: rank)
        } catch let problem as Diagnostic {
            throw Diagnostic(problem.code, "\(linear.path): \(problem.message)", hint: problem.hint)
        }
    }

    /// The adapter that makes of the base what PEFT makes of it: `B·A`, less what it began as.
    var hook: any LowRankHook {
        if !thirds.isEmpty, start == nil {
            let parts = ThirdsLoRA(
                linear, thirds: thirds, config: config.divided(by: thirds.count), seed: 0)
            if parts.take(a: a.floats(), b: b.floats()) { return parts }
        }
        guard let start else {
            return LoRA(path: linear.path, a: Buffer(a.floats()), b: Buffer(b.floats()), config: config)
        }
        let (rank, inputs, outputs) = (start.rank, linear.inputs, linear.outputs)
        let (left, right) = (start.left.floats, start.right.floats)
        // The factors lie as the weight does: (out, in), or (in, out).
        let isOutByIn = linear.layout == .outByIn
        let startA = isOutByIn ? right : Self.transposed(left, rows: inputs, columns: rank)
        let startB = isOutByIn ? left : Self.transposed(right, rows: rank, columns: outputs)
        let own = b.floats()
        let joined = (0..<outputs).flatMap { row -> [Float] in
            let columns = row * rank..<(row + 1) * rank
            return Array(own[columns]) + startB[columns].map { -$0 * startShare }
        }
        return LoRA(path: linear.path, a: Buffer(a.floats() + startA), b: Buffer(joined), config: config)
    }

    private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
        (0..<rows * columns).map { values[$0 % rows * columns + $0 / rows] }
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

    /// Twice the rank at the same scale.
    fileprivate var doubled: LoRAConfig {
        var other = self
        other.r *= 2
        other.alpha *= usesRankStabilisation ? Float(2).squareRoot() : 2
        return other
    }
}
