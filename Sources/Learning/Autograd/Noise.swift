import CVectorMath
import Compute

extension Pass {
    private static let noiseSite = RandomSite("neftune")

    /// What the words' table gives, with the tuning's noise on it in training: uniform within `±alpha / sqrt(L · d)` for
    /// a text of L tokens and rows of d values (Jain et al. 2023, NEFTune).
    ///
    /// L is a text's own length, as the authors' program has it; Transformers takes that of the longest text of a
    /// batch, to which it pads the others. Which numbers are drawn depends on seed, step, text and place, and not on
    /// the batch around them.
    ///
    /// - `x`: (tokens of the layout, width), without the rows that a tuning puts first.
    func addNoise(to x: Tensor) -> Tensor {
        guard isTraining, let alpha = tuning?.noise, alpha > 0 else { return x }
        precondition(x.rows == layout.tokenCount, "noise on \(x.rows) rows of \(layout.tokenCount) tokens")
        var (keys, sizes): ([UInt32], [Float]) = ([], [])
        for sequence in 0..<layout.sequenceCount {
            let length = layout.rows(of: sequence).count - layout.leading
            keys += (0..<length).map { layout.keys[layout.row(of: $0, in: sequence)] }
            let size = alpha / (Float(length) * Float(x.columns)).squareRoot()
            sizes += [Float](repeating: size, count: length)
        }
        let out = x.isDisposable ? x.buffer : x.buffer.copy()
        let (columns, salt) = (x.columns, salt(at: Self.noiseSite))
        let (drawn, widths) = (keys, sizes)
        split(x.rows, grain: 128) { range in
            let from = range.lowerBound
            drawn.withUnsafeBufferPointer { drawn in
                widths.withUnsafeBufferPointer { widths in
                    guard let key = drawn.baseAddress, let width = widths.baseAddress else { return }
                    lk_add_noise(
                        out.pointer + from * columns, key + from, width + from, salt, range.count, columns)
                }
            }
        }
        // Noise is added, so that the gradient goes down as it is.
        let slot = x.slot
        return record(
            rows: x.rows, columns: columns, buffer: out, isTracked: slot != nil, isDisposable: true
        ) { gradient in slot?.add(gradient) }
    }
}
