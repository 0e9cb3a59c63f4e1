import Diagnostics

extension Trainer {
    /// Computes the gradients of some examples, which nobody applies: to see what that takes.
    func tryGradients(of indices: [Int], interruption: Interruption) throws {
        let batch = indices.map { examples[$0] }
        let terms = batch.reduce(0) { $0 + task.loss.weight(of: $1) }
        guard terms > 0 else { return }
        try tuning.prepare(over: model)
        _ = try batchGradients(
            batch, terms: terms, stage(in: epoch(of: step)), interruption: interruption)
    }
}
