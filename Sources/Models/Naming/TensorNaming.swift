/// How a checkpoint names the tensors that a model asks for by the base model's path.
package protocol TensorNaming: Sendable {
    /// What a task model puts before the base model's paths; nil where every tensor is the model's.
    var prefix: String? { get }
    /// Names to try, the likeliest first; never empty.
    func candidates(for path: String) -> [String]
    /// For each row wanted, where it lies in the stored tensor; nil when in order.
    func rowOrder(for path: String, rows: Int) -> [Int]?
    /// Whether what is stored are a matrix's columns.
    func liesTransposed(_ path: String) -> Bool
}

extension TensorNaming {
    package func liesTransposed(_ path: String) -> Bool { false }
}

/// The reference's own names, with or without the task model's prefix.
package struct ReferenceNaming: TensorNaming {
    package let prefix: String?

    package init(prefix: String) { self.prefix = prefix }

    package func candidates(for path: String) -> [String] {
        var names = [(prefix ?? "") + path, path]
        // Checkpoints converted from TensorFlow say gamma and beta.
        if path.hasSuffix("LayerNorm.weight") {
            names += names.map { $0.dropLast("weight".count) + "gamma" }
        } else if path.hasSuffix("LayerNorm.bias") {
            names += names.map { $0.dropLast("bias".count) + "beta" }
        }
        return names
    }

    package func rowOrder(for path: String, rows: Int) -> [Int]? { nil }
}
