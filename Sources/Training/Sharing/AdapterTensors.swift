import Checkpoints
import Diagnostics
import Tensors

/// The tensors of an adapter's file by what they are, under the base model's paths.
struct AdapterTensors {
    /// Layers that have a thin matrix, in order.
    private(set) var paths: [String] = []
    /// Tensors that stand in for whole ones.
    private(set) var whole: [String: StoredTensor] = [:]
    private var thin: [AdapterTensorName: StoredTensor] = [:]

    /// - `prefix`: the task model's, which base models' paths do without.
    /// - Throws: `unsupported-adapter` for tensors of other kinds, `bad-adapter` when two mean the same.
    init(_ file: SafetensorsFile, prefix: String) throws {
        func own(_ path: String) -> String {
            path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
        }
        for tensor in file.tensors {
            let isNew: Bool
            switch AdapterTensorName(tensor.name) {
            case .lowRankA(let path):
                isNew = thin.updateValue(tensor, forKey: .lowRankA(own(path))) == nil
                if !paths.contains(own(path)) { paths.append(own(path)) }
            case .lowRankB(let path):
                isNew = thin.updateValue(tensor, forKey: .lowRankB(own(path))) == nil
                if !paths.contains(own(path)) { paths.append(own(path)) }
            case .whole(let name): isNew = whole.updateValue(tensor, forKey: own(name)) == nil
            case .original: isNew = true
            case .unsupported(let kind):
                throw Diagnostic(
                    "unsupported-adapter", "tensor \(tensor.name): \(kind) is not supported, only plain LoRA")
            }
            guard isNew else {
                throw Diagnostic("bad-adapter", "two tensors mean the same as \(tensor.name)")
            }
        }
        paths.sort()
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
    fileprivate var text: String {
        switch self {
        case .lowRankA(let path): "\(path).lora_A.weight"
        case .lowRankB(let path): "\(path).lora_B.weight"
        case .whole(let name), .unsupported(let name): name
        case .original: "original"
        }
    }
}
