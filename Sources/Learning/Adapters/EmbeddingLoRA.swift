import Compute
import System

/// LoRA on a table of words: a token's row plus `alpha / r · B·A[:, token]`, as PEFT has it.
///
/// A head that is tied to the table does not see the change. There is no dropout.
package final class EmbeddingLoRA: TableHook {
    package let config: LoRAConfig
    /// (r, tokens), begins at zero.
    package let a: Parameter
    /// (width, r), begins with standard normal values.
    package let b: Parameter

    package convenience init(path: String, tokens: Int, width: Int, config: LoRAConfig, seed: UInt64) {
        var random = CounterRandom(seed: seed, purpose: "lora.\(path)")
        let values = Buffer(count: width * config.r)
        for index in 0..<width * config.r { values.pointer[index] = random.normal() }
        self.init(path: path, a: Buffer(zeros: config.r * tokens), b: values, config: config)
    }

    /// - `a`: (r, tokens); `b`: (width, r).
    package convenience init(path: String, a: Buffer, b: Buffer, config: LoRAConfig) {
        self.init(
            Parameter(name: "\(path).lora_embedding_A", shape: [config.r, a.count / config.r], buffer: a),
            Parameter(name: "\(path).lora_embedding_B", shape: [b.count / config.r, config.r], buffer: b),
            config)
    }

    private init(_ a: Parameter, _ b: Parameter, _ config: LoRAConfig) {
        (self.a, self.b, self.config) = (a, b, config)
    }

    package var parameters: [Parameter] { [a, b] }
    package var setting: String? { "\(config.r) \(config.alpha)" }
    /// Of the table.
    package var path: String { String(a.name.dropLast(".lora_embedding_A".count)) }

    package func with(_ own: (Parameter) -> Parameter) -> EmbeddingLoRA {
        EmbeddingLoRA(own(a), own(b), config)
    }

    package func merged(_ values: Buffer) -> Buffer? {
        let (tokens, width, rank) = (a.columns, b.rows, config.r)
        let change = Buffer(count: tokens * width)
        let (aValues, bValues) = (a.dense(), b.dense())
        BLAS.multiply(
            aValues.pointer, stride: tokens, transposed: true, by: bValues.pointer, stride: rank,
            byTransposed: true, into: change.pointer, stride: width, m: tokens, n: width, k: rank,
            alpha: config.scale)
        values.add(change)
        return values
    }

    package func rows(_ ids: [Int32], of table: Parameter, _ pass: Pass) -> Tensor {
        pass.addLowRankRows(
            to: pass.embed(ids, table: table), of: ids, a: a, b: b, scale: config.scale)
    }
}
