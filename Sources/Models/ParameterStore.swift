import Checkpoints
import Compute
import Diagnostics
import Learning
import System

/// Where a model's parameters come from: a checkpoint, or seeded random numbers.
///
/// A layer asks for its tensors by path; the store checks shapes and remembers what it handed out.
package final class ParameterStore: @unchecked Sendable {
    private enum Source {
        case checkpoint(any Checkpoint, naming: any TensorNaming, precision: Precision)
        case random(seed: UInt64, deviation: Float, precision: Precision)
    }

    private let source: Source
    package private(set) var parameters: [Parameter] = []
    private var byName: [String: Parameter] = [:]
    /// Names of the norms' weights and biases.
    package private(set) var norms: Set<String> = []
    /// Names of the tensors that were looked at.
    private var read: Set<String> = []

    package init(_ checkpoint: any Checkpoint, naming: any TensorNaming, precision: Precision) {
        source = .checkpoint(checkpoint, naming: naming, precision: precision)
    }

    /// - `deviation`: standard deviation of weights; biases begin at 0, norms at 1.
    package init(seed: UInt64, deviation: Float = 0.02, precision: Precision = .f32) {
        source = .random(seed: seed, deviation: deviation, precision: precision)
    }

    /// The same one, which has handed out some parameters more.
    ///
    /// - `norms`: the names of those that are a norm's.
    func adding(_ more: [Parameter], norms: Set<String>) -> ParameterStore {
        let other = ParameterStore(source)
        (other.parameters, other.norms, other.read) = (parameters + more, self.norms.union(norms), read)
        other.byName = byName.merging(more.map { ($0.name, $0) }) { $1 }
        return other
    }

    private init(_ source: Source) { self.source = source }

    package subscript(name: String) -> Parameter? { byName[name] }

    /// The number of values of everything handed out.
    package var valueCount: Int { parameters.reduce(0) { $0 + $1.count } }

    /// Whether the checkpoint has a tensor for a path.
    package func has(_ path: String) -> Bool {
        switch source {
        case .checkpoint(let checkpoint, let naming, _): Self.find(path, in: checkpoint, naming) != nil
        case .random: true
        }
    }

    /// Whether a file has a tensor for a path; random weights have none.
    func isStored(_ path: String) -> Bool { stored(path) != nil }

    /// Whether two paths' tensors are both in the file, and hold the same numbers.
    func isSame(_ path: String, as other: String) -> Bool {
        guard let one = stored(path), let two = stored(other), one.holdsSameValues(as: two) else {
            return false
        }
        read.formUnion([one.name, two.name])
        return true
    }

    /// Names of the file's tensors that nothing has asked for.
    var unread: [String] {
        guard case .checkpoint(let checkpoint, _, _) = source else { return [] }
        return checkpoint.names.filter { !read.contains($0) }
    }

    /// The file's tensor for a path, also for one that no part of the model asks for.
    package func stored(_ path: String) -> StoredTensor? {
        guard case .checkpoint(let checkpoint, let naming, _) = source else { return nil }
        return Self.find(path, in: checkpoint, naming)
    }

    /// The parameter of a path, with the shape that the layer needs.
    ///
    /// - Throws: `missing-tensor` or `wrong-shape`, with names, found and expected.
    package func parameter(_ path: String, _ shape: [Int], as kind: Kind = .matrix) throws -> Parameter {
        if let known = byName[path] { return known }
        let made: Parameter
        switch source {
        case .checkpoint(let checkpoint, let naming, let precision):
            made = try Self.load(path, shape, from: checkpoint, naming, precision, kind)
        case .random(let seed, let deviation, let precision):
            let drawn = Self.draw(path, shape, seed: seed, deviation: deviation)
            made = kind.quantises(to: precision) ? try FourBitTensor.made(of: drawn, kind) : drawn
        }
        byName[path] = made
        if let name = made.stored?.name { read.formUnion([name] + FourBitTensor.companions(of: name)) }
        parameters.append(made)
        return made
    }

    package enum Kind: Sendable {
        /// Of a block's linear layer: kept as stored when precision is native, quantised where that is asked for.
        case linear(WeightLayout)
        /// Kept as stored when precision is native, and where others are quantised.
        case matrix
        /// Looked up a row at a time: kept as stored whatever the precision.
        case table
        /// A bias or a norm: always floats.
        case vector

        func quantises(to precision: Precision) -> Bool {
            if case .linear = self { precision == .nf4 } else { false }
        }

        func staysStored(in precision: Precision) -> Bool {
            switch (self, precision) {
            case (.vector, _), (.linear, .f32), (.matrix, .f32): false
            case (.table, _), (.linear, _), (.matrix, _): true
            }
        }
    }

    private static func find(
        _ path: String, in checkpoint: any Checkpoint, _ naming: any TensorNaming
    ) -> StoredTensor? {
        for candidate in naming.candidates(for: path) {
            if let tensor = checkpoint.tensor(named: candidate) { return tensor }
        }
        return nil
    }

    private static func load(
        _ path: String, _ shape: [Int], from checkpoint: any Checkpoint, _ naming: any TensorNaming,
        _ precision: Precision, _ kind: Kind
    ) throws -> Parameter {
        guard let stored = find(path, in: checkpoint, naming) else {
            let near = closestName(to: naming.candidates(for: path)[0], among: checkpoint.names)
            throw Diagnostic(
                "missing-tensor", "the checkpoint has no tensor \(naming.candidates(for: path)[0])",
                hint: near.map { "the nearest name there is \($0)" })
        }
        let staysStored = kind.staysStored(in: precision)
        if let quantised = try FourBitTensor(stored, in: checkpoint)?.weights(shape, kind) {
            let parameter = Parameter(name: path, storage: quantised, staysStored: staysStored)
            guard !staysStored else { return parameter }
            guard parameter.dense().isFinite else { throw stored.notFinite }
            quantised.releasePages()
            return parameter
        }
        let liesTransposed = naming.liesTransposed(path)
        let wanted = liesTransposed ? shape.reversed() : shape
        guard stored.shape == wanted || (shape.count == 1 && stored.shape == [1] + shape) else {
            throw Diagnostic(
                "wrong-shape", "tensor \(stored.name) has the shape \(stored.shape), expected \(wanted)",
                hint: "do config and weights belong together?")
        }
        guard !stored.format.isWhole else {
            throw Diagnostic(
                "quantised-weights",
                "tensor \(stored.name) holds whole numbers (\(stored.format.displayName)), which are no weights without their scales",
                hint:
                    "take the model's weights as floats (f32, f16, bf16), in bitsandbytes' four bits, or quantised in a GGUF file"
            )
        }
        let parameter = Parameter(
            name: path,
            storage: liesTransposed
                ? TransposedWeights(stored)
                : StoredWeights(stored, shape: shape, order: naming.rowOrder(for: path, rows: shape[0])),
            staysStored: staysStored)
        if kind.quantises(to: precision) { return try FourBitTensor.made(of: parameter, kind) }
        guard !staysStored else { return parameter }
        let values = parameter.dense()
        // What is read here anyway is looked at; what stays mapped is when results are no numbers.
        var isMatrix: Bool { if case .vector = kind { false } else { true } }
        guard !values.isOwned && isMatrix || values.isFinite else { throw stored.notFinite }
        // Expanded values stand on their own; the file's pages need not stay in memory.
        if values.isOwned { stored.releasePages() }
        return parameter
    }

    private static func draw(_ path: String, _ shape: [Int], seed: UInt64, deviation: Float) -> Parameter {
        let count = shape.reduce(1, *)
        let values = Buffer(count: count)
        if shape.count > 1 {
            var random = CounterRandom(seed: seed, purpose: "init.\(path)")
            for index in 0..<count { values.pointer[index] = random.normal() * deviation }
        } else {
            let isNorm = path.hasSuffix("weight")
            values.pointer.update(repeating: isNorm ? 1 : 0, count: count)
        }
        return Parameter(name: path, shape: shape, buffer: values)
    }
}

extension ParameterStore {
    /// Finds the tensor that made results no numbers; reads every one, so only then.
    ///
    /// - Throws: `not-finite` with its name; nothing where all weights are numbers.
    package func requireFinite() throws {
        for parameter in parameters { try parameter.stored?.requireFinite() }
    }

    /// A linear layer at a path, with the bias only where it is said or found.
    ///
    /// - `isOfBlock`: whether it is one that quantised precisions quantise; heads are not.
    package func linear(
        _ path: String, inputs: Int, outputs: Int, bias: Bool, layout: WeightLayout = .outByIn,
        isOfBlock: Bool = true
    ) throws -> Linear {
        let shape = layout == .outByIn ? [outputs, inputs] : [inputs, outputs]
        return Linear(
            path: path,
            weight: try parameter("\(path).weight", shape, as: isOfBlock ? .linear(layout) : .matrix),
            bias: bias ? try parameter("\(path).bias", [outputs], as: .vector) : nil, layout: layout)
    }

    /// A decoder's head over the words' table, or one of its own; nil where the checkpoint has neither, as a
    /// bare model's and a classifier's.
    ///
    /// Where the configuration ties the two and the file has both with different values, the file wins, as in
    /// Transformers 5. (Version 4 took the table.)
    func languageHead(_ config: inout ModelConfig, words: Parameter) throws -> Linear? {
        let path = "lm_head.weight"
        config.tiesHead = config.tiesHead && (!isStored(path) || isSame(path, as: words.name))
        if config.tiesHead { return Linear(path: "lm_head", weight: words, bias: nil) }
        guard has(path) else { return nil }
        return try linear(
            "lm_head", inputs: config.width, outputs: config.vocabulary, bias: false, isOfBlock: false)
    }

    package func layerNorm(_ path: String, width: Int, epsilon: Float) throws -> LayerNorm {
        norms.formUnion(["\(path).weight", "\(path).bias"])
        return LayerNorm(
            weight: try parameter("\(path).weight", [width], as: .vector),
            bias: try parameter("\(path).bias", [width], as: .vector), epsilon: epsilon)
    }

    package func rmsNorm(_ path: String, width: Int, epsilon: Float) throws -> RMSNorm {
        norms.insert("\(path).weight")
        return RMSNorm(weight: try parameter("\(path).weight", [width], as: .vector), epsilon: epsilon)
    }
}
