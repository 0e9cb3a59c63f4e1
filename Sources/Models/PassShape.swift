import Learning

/// What a pass over a model's blocks keeps and needs, in values a token: for estimates of memory.
package struct PassShape: Sendable {
    /// What each block keeps until the pass has gone back through it.
    package let kept: [Int]
    /// What each block's hook keeps of a sequence beside it, however long that is.
    package let keptOfSequence: [Int]
    /// What going back through a block needs beside it: gradients of what the feed-forward part is made of, of its
    /// input and of its output.
    package let working: Int
    package let width: Int

    /// A block keeps what its linear layers give, what attention gives and its log-sums, and two numbers for each of
    /// two norms; outputs of norms and activations are made once more.
    package init(of model: any LanguageModel, under tuning: Tuning?) {
        let config = model.config
        var kept = [Int](repeating: config.heads * (config.headWidth + 1) + 4, count: config.blocks)
        var inner = 0
        for linear in model.linears {
            guard let block = model.blockIndex(of: linear.path) else { continue }
            kept[block] += linear.outputs + (tuning?.linears[linear.path]?.keptColumns(of: linear) ?? 0)
            if block == 0, linear.outputs == config.feedForward { inner += linear.outputs }
        }
        self.kept = kept
        keptOfSequence = (0..<config.blocks).map {
            tuning?.outputs[$0]?.keptValues(ofWidth: config.width) ?? 0
        }
        working = inner + config.feedForward + 2 * config.width
        width = config.width
    }
}
