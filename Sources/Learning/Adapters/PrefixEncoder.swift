import Compute
import System

/// What the prefix of all blocks is made of: itself, or a smaller table under two layers with tanh between them.
///
/// The prefix is (virtual tokens, blocks · 2 · width): each block's keys, then its values, every head's side by side.
package struct PrefixEncoder: Sendable {
    /// (virtual tokens, blocks · 2 · width), or (virtual tokens, width) under a projection.
    package let embedding: Parameter
    /// `W₂·tanh(W₁·e + b₁) + b₂` (Li & Liang 2021): (width) to (hidden) to (blocks · 2 · width).
    package let projection: (into: Linear, out: Linear)?
    /// Of the keys of one block, and of its values.
    package let width: Int

    private static let path = "prompt_encoder"

    /// The prefix itself.
    ///
    /// - `values`: (virtual tokens, blocks · 2 · width).
    package init(_ values: Buffer, blocks: Int, width: Int) {
        let columns = 2 * blocks * width
        self.init(
            Parameter(
                name: "\(Self.path).embedding.weight", shape: [values.count / columns, columns],
                buffer: values), nil, width: width)
    }

    /// The prefix as which a beginning was seen that `cache` has recorded, as if it stood before every sequence.
    package init(of cache: PrefixCache, tokens: Int, blocks: Int, width: Int) {
        let columns = 2 * blocks * width
        let out = Buffer(count: tokens * columns)
        for block in 0..<blocks {
            let seen = cache.entry(block)
            precondition(
                seen.keys.count == tokens * width, "\(seen.keys.count) keys for \(tokens) × \(width)")
            for row in 0..<tokens {
                let start = out.pointer + row * columns + 2 * block * width
                start.update(from: seen.keys.pointer + row * width, count: width)
                (start + width).update(from: seen.values.pointer + row * width, count: width)
            }
        }
        self.init(out, blocks: blocks, width: width)
    }

    /// A projection that begins as PyTorch's layers do: uniform within ±1/√inputs, the table standard normal.
    ///
    /// - `isZero`: whether the second layer begins at zero, and so the prefix.
    package init(
        tokens: Int, blocks: Int, width: Int, hidden: Int, isZero: Bool, random: inout CounterRandom
    ) {
        let table = Buffer(count: tokens * width)
        for index in 0..<table.count { table.pointer[index] = random.normal() }
        func layer(_ name: String, _ inputs: Int, _ outputs: Int, isZero: Bool) -> Linear {
            let bound = isZero ? 0 : 1 / Float(inputs).squareRoot()
            func values(_ name: String, _ shape: [Int]) -> Parameter {
                let buffer = Buffer(count: shape.reduce(1, *))
                for index in 0..<buffer.count { buffer.pointer[index] = random.uniform(bound: bound) }
                return Parameter(name: name, shape: shape, buffer: buffer)
            }
            let path = "\(Self.path).transform.\(name)"
            return Linear(
                path: path, weight: values("\(path).weight", [outputs, inputs]),
                bias: values("\(path).bias", [outputs]))
        }
        let into = layer("0", width, hidden, isZero: false)
        self.init(
            Parameter(name: "\(Self.path).embedding.weight", shape: [tokens, width], buffer: table),
            (into, layer("2", hidden, 2 * blocks * width, isZero: isZero)), width: width)
    }

    private init(_ embedding: Parameter, _ projection: (into: Linear, out: Linear)?, width: Int) {
        (self.embedding, self.projection, self.width) = (embedding, projection, width)
    }

    package var parameters: [Parameter] {
        let layers = projection.map { [$0.into, $0.out] } ?? []
        return [embedding] + layers.flatMap { [$0.weight] + ($0.bias.map { [$0] } ?? []) }
    }

    func with(_ own: (Parameter) -> Parameter) -> PrefixEncoder {
        func copy(_ layer: Linear) -> Linear {
            Linear(path: layer.path, weight: own(layer.weight), bias: layer.bias.map(own))
        }
        let layers = projection.map { (into: copy($0.into), out: copy($0.out)) }
        return PrefixEncoder(own(embedding), layers, width: width)
    }

    /// All blocks' keys and values, computed once a pass: (virtual tokens, blocks · 2 · width).
    func prefix(_ pass: Pass) throws -> Tensor {
        let table = pass.tensor(embedding)
        guard let projection else { return table }
        return try pass.once(embedding) {
            try projection.out.plain(
                pass.activate(try projection.into.plain(table, pass), .tanh), pass)
        }
    }

    /// The prefix as it is now.
    package func values() throws -> Buffer {
        // A pass over nothing: it has no sequence, and nothing is tracked.
        try prefix(Pass(Layout(lengths: []))).buffer
    }
}
