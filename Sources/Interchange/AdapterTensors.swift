import Checkpoints
import Compute
import Diagnostics
import JSON
import Learning
import Training

/// The tensors of an adapter's file by what they are, under the base model's paths.
struct AdapterTensors {
    /// Layers that have tensors of their own, in order.
    private(set) var paths: [String] = []
    /// Tensors that stand in for whole ones.
    private(set) var whole: [String: StoredTensor] = [:]
    /// The base's own weights, which the file has beside the changes of their layers.
    private(set) var baseWeights: [String: StoredTensor] = [:]
    /// What all layers share, by name.
    private(set) var shared: [String: Parameter] = [:]
    /// The adapter's own, which is no layer's.
    private var own: StoredTensor?
    private var parts: [AdapterTensorName: StoredTensor] = [:]
    private let format: any PEFTFormat.Type

    /// - `format`: says what a layer's tensors are called.
    /// - `prefix`: the task model's, which base models' paths do without.
    /// - `ignored`: kinds of tensors that the person goes on without.
    /// - Throws: `unsupported-adapter` for tensors of other kinds, `bad-adapter` when two that mean the same
    ///   hold different numbers.
    init(
        _ file: SafetensorsFile, of format: any PEFTFormat.Type, prefix: String,
        ignoring ignored: Set<String> = []
    ) throws {
        self.format = format
        try Self.refuseOtherKinds(file, of: format, ignoring: ignored)
        func own(_ path: String) -> String {
            path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        }
        for tensor in file.tensors {
            let name = AdapterTensorName(tensor.name, of: format)
            try Self.requireWeights(tensor, name)
            let earlier: StoredTensor?
            switch name {
            case .layer(let path, let part):
                earlier = parts.updateValue(tensor, forKey: .layer(own(path), part))
                if !paths.contains(own(path)) { paths.append(own(path)) }
            case .baseWeight(let path): earlier = baseWeights.updateValue(tensor, forKey: own(path))
            case .whole(let name): earlier = whole.updateValue(tensor, forKey: own(name))
            case .shared(let name):
                earlier = nil
                if let known = shared[name],
                    known.shape != tensor.shape
                        || known.dense().floats.prefix(known.count) != tensor.floats()[...]
                {
                    throw Diagnostic(
                        "bad-adapter",
                        "two tensors mean the same as \(tensor.name) and hold different numbers")
                }
                shared[name] = Parameter(name: name, shape: tensor.shape, buffer: Buffer(tensor.floats()))
            case .own:
                earlier = nil
                self.own = tensor
            case .original, .unsupported: earlier = nil
            }
            // With bias="all", PEFT writes the classifier's under three names.
            guard earlier.map({ $0.shape == tensor.shape && $0.floats() == tensor.floats() }) ?? true else {
                throw Diagnostic(
                    "bad-adapter", "two tensors mean the same as \(tensor.name) and hold different numbers")
            }
        }
        paths.sort()
    }

    /// - Throws: `quantised-weights` or `not-finite` for values that cannot be a weight's.
    private static func requireWeights(_ tensor: StoredTensor, _ name: AdapterTensorName) throws {
        switch name {
        case .original, .unsupported: return
        case .layer, .shared, .baseWeight, .whole, .own: try tensor.requireWeights()
        }
    }

    private static func refuseOtherKinds(
        _ file: SafetensorsFile, of format: any PEFTFormat.Type, ignoring ignored: Set<String>
    ) throws {
        var kinds: [(kind: String, tensor: String)] = []
        for tensor in file.tensors {
            guard case .unsupported(let kind) = AdapterTensorName(tensor.name, of: format),
                !ignored.contains(kind),
                !kinds.contains(where: { $0.kind == kind })
            else { continue }
            kinds.append((kind, tensor.name))
        }
        guard let first = kinds.first else { return }
        throw Diagnostic(
            "unsupported-adapter",
            "tensor \(first.tensor): \(first.kind) is not supported, only plain \(format.name)",
            hint: KeyDecisions.hint(ignoring: kinds.map(\.kind), "goes on without such tensors"))
    }

    /// What there is of a layer, by the format's names.
    func names(of path: String) -> Set<String> {
        Set(
            ((format as? any PEFTLayerFormat.Type)?.tensorNames ?? []).filter {
                parts[.layer(path, $0)] != nil
            })
    }

    /// - Throws: `missing-tensor` or `wrong-shape`, with found and expected.
    func tensor(_ part: String, of path: String, _ shape: [Int]) throws -> StoredTensor {
        guard let tensor = parts[.layer(path, part)] else {
            throw Diagnostic("missing-tensor", "the adapter has no \(path).\(part), expected shape \(shape)")
        }
        return try tensor.require(shape: shape)
    }

    /// The adapter's own tensor.
    ///
    /// - Throws: `missing-tensor` or `wrong-shape`, with found and expected.
    func own(_ name: String, _ shape: [Int]) throws -> StoredTensor {
        guard let own else {
            throw Diagnostic("missing-tensor", "the adapter has no \(name), expected shape \(shape)")
        }
        return try own.require(shape: shape)
    }
}

/// What a tensor of an adapter's file must be.
extension StoredTensor {
    /// - Throws: `wrong-shape` for another than this.
    func require(shape: [Int]) throws -> StoredTensor {
        guard self.shape == shape else {
            throw Diagnostic(
                "wrong-shape", "tensor \(name) has the shape \(self.shape), expected \(shape)",
                hint: "was the adapter made for another base model, or with other settings?")
        }
        return self
    }

    /// - Throws: `quantised-weights` or `not-finite` for values that cannot be a weight's.
    func requireWeights() throws {
        guard !format.isWhole else {
            throw Diagnostic(
                "quantised-weights",
                "tensor \(name) holds whole numbers (\(format.displayName)), which are no weights",
                hint: "take the adapter's weights as floats (f32, f16, bf16)")
        }
        try requireFinite()
    }
}
