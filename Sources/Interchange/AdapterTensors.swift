import Checkpoints
import Diagnostics
import JSON
import Tensors

/// The tensors of an adapter's file by what they are, under the base model's paths.
struct AdapterTensors {
    /// Layers that have a thin matrix, in order.
    private(set) var paths: [String] = []
    /// Tensors that stand in for whole ones.
    private(set) var whole: [String: StoredTensor] = [:]
    private var thin: [AdapterTensorName: StoredTensor] = [:]

    /// - `prefix`: the task model's, which base models' paths do without.
    /// - `ignored`: kinds of tensors that the person goes on without.
    /// - Throws: `unsupported-adapter` for tensors of other kinds, `bad-adapter` when two that mean the same
    ///   hold different numbers.
    init(_ file: SafetensorsFile, prefix: String, ignoring ignored: Set<String> = []) throws {
        try Self.refuseOtherKinds(file, ignoring: ignored)
        func own(_ path: String) -> String {
            path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        }
        for tensor in file.tensors {
            let name = AdapterTensorName(tensor.name)
            try Self.requireWeights(tensor, name)
            let earlier: StoredTensor?
            switch name {
            case .lowRankA(let path), .lowRankB(let path):
                earlier = thin.updateValue(tensor, forKey: name.at(own(path)))
                if !paths.contains(own(path)) { paths.append(own(path)) }
            case .whole(let name): earlier = whole.updateValue(tensor, forKey: own(name))
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
        case .lowRankA, .lowRankB, .whole: break
        }
        guard !tensor.format.isWhole else {
            throw Diagnostic(
                "quantised-weights",
                "tensor \(tensor.name) holds whole numbers (\(tensor.format.displayName)), which are no weights",
                hint: "take the adapter's weights as floats (f32, f16, bf16)")
        }
        try tensor.requireFinite()
    }

    private static func refuseOtherKinds(_ file: SafetensorsFile, ignoring ignored: Set<String>) throws {
        var kinds: [(kind: String, tensor: String)] = []
        for tensor in file.tensors {
            guard case .unsupported(let kind) = AdapterTensorName(tensor.name), !ignored.contains(kind),
                !kinds.contains(where: { $0.kind == kind })
            else { continue }
            kinds.append((kind, tensor.name))
        }
        guard let first = kinds.first else { return }
        throw Diagnostic(
            "unsupported-adapter",
            "tensor \(first.tensor): \(first.kind) is not supported, only plain LoRA",
            hint: KeyDecisions.hint(ignoring: kinds.map(\.kind), "goes on without such tensors"))
    }

    /// - Throws: `missing-tensor` or `wrong-shape`, with found and expected.
    func tensor(_ name: AdapterTensorName, _ shape: [Int]) throws -> StoredTensor {
        guard let tensor = thin[name] else {
            throw Diagnostic("missing-tensor", "the adapter has no \(name.text), expected shape \(shape)")
        }
        guard tensor.shape == shape else {
            throw Diagnostic(
                "wrong-shape", "tensor \(tensor.name) has the shape \(tensor.shape), expected \(shape)",
                hint: "was the adapter made for another base model, or with another r?")
        }
        return tensor
    }
}

extension AdapterTensorName {
    /// The same matrix of another path.
    fileprivate func at(_ path: String) -> AdapterTensorName {
        if case .lowRankA = self { .lowRankA(path) } else { .lowRankB(path) }
    }

    fileprivate var text: String {
        switch self {
        case .lowRankA(let path): "\(path).lora_A.weight"
        case .lowRankB(let path): "\(path).lora_B.weight"
        case .whole(let name), .unsupported(let name): name
        case .original: "original"
        }
    }
}
