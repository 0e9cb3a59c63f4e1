import Compute

/// LoRA on thirds of a layer's outputs, each with matrices of its own: queries and values of a layer that
/// makes queries, keys and values at once, as if they were layers (Hu et al. 2021, on GPT-2).
package final class ThirdsLoRA: LowRankHook {
    /// 0, 1 or 2, in order.
    package let thirds: [Int]
    private let parts: [LoRA]
    private let path: String
    private let inputs, outputs: Int

    /// - `linear`: its outputs are a multiple of three.
    /// - `config`: of each third.
    package init(_ linear: Linear, thirds: [Int], config: LoRAConfig, seed: UInt64) {
        precondition(
            linear.outputs % 3 == 0 && thirds.allSatisfy((0..<3).contains),
            "thirds \(thirds) of \(linear.outputs) outputs")
        (path, inputs, outputs) = (linear.path, linear.inputs, linear.outputs)
        self.thirds = thirds
        let width = linear.outputs / 3
        parts = thirds.map { third in
            LoRA(
                path: "\(linear.path).third.\(third)", inputs: linear.inputs, outputs: width,
                offset: third * width, config: config, seed: seed)
        }
    }

    package var parameters: [Parameter] { parts.flatMap(\.parameters) }

    private init(thirds: [Int], parts: [LoRA], path: String, inputs: Int, outputs: Int) {
        (self.thirds, self.parts, self.path) = (thirds, parts, path)
        (self.inputs, self.outputs) = (inputs, outputs)
    }

    package func with(_ own: (Parameter) -> Parameter) -> ThirdsLoRA {
        ThirdsLoRA(
            thirds: thirds, parts: parts.map { $0.with(own) }, path: path, inputs: inputs, outputs: outputs)
    }

    package func apply(_ base: Linear, to x: Tensor, _ pass: Pass) throws -> Tensor {
        parts.reduce(try base.plain(x, pass)) { $1.adjust($0, for: x, pass) }
    }

    package func keptColumns(of base: Linear) -> Int {
        parts.reduce(0) { $0 + $1.keptColumns(of: base) }
    }

    package func merged(_ values: LinearValues) -> LinearValues? { lowRank.merged(values) }

    /// A of one below the other, B of each in the rows of its third and zero elsewhere; the scale stays.
    package var lowRank: LoRA {
        var config = parts.first?.config ?? LoRAConfig()
        let (rank, count, width) = (config.r, parts.count, outputs / 3)
        config.r *= count
        config.alpha *= config.usesRankStabilisation ? Float(count).squareRoot() : Float(count)
        let (a, b) = (Buffer(count: count * rank * inputs), Buffer(zeros: outputs * count * rank))
        for (index, part) in parts.enumerated() {
            (a.pointer + index * rank * inputs).update(from: part.a.dense().pointer, count: rank * inputs)
            let values = part.b.dense().pointer
            for row in 0..<width {
                (b.pointer + (thirds[index] * width + row) * count * rank + index * rank)
                    .update(from: values + row * rank, count: rank)
            }
        }
        return LoRA(path: path, a: a, b: b, config: config)
    }

    /// Takes the values of a pair of matrices that `lowRank` made.
    ///
    /// - Returns: whether B has nothing outside its blocks; otherwise nothing is taken.
    package func take(a: [Float], b: [Float]) -> Bool {
        let (rank, count, width) = (parts.first?.config.r ?? 0, parts.count, outputs / 3)
        guard a.count == count * rank * inputs, b.count == outputs * count * rank else { return false }
        for row in 0..<outputs {
            for column in 0..<count * rank
            where thirds[column / rank] != row / width && b[row * count * rank + column] != 0 { return false }
        }
        for (index, part) in parts.enumerated() {
            part.a.replace(with: Buffer(Array(a[index * rank * inputs..<(index + 1) * rank * inputs])))
            part.b.replace(
                with: Buffer(
                    (0..<width).flatMap { row in
                        let start = (thirds[index] * width + row) * count * rank + index * rank
                        return b[start..<start + rank]
                    }))
        }
        return true
    }
}
