import CVectorMath

extension FourBitWeights {
    /// What bitsandbytes makes of a weight (`quantize_4bit`, blocks of 64, doubly quantised scales): the nearest of
    /// sixteen values for each, in blocks that go on from row to row.
    ///
    /// - `source`: (out, in), or (in, out) with `transposes`: then the transposed matrix is quantised.
    /// - Returns: nil where a value is no number.
    package init?(quantising source: any WeightStorage, as kind: FourBitKind = .nf4, transposes: Bool = false)
    {
        let block = 64
        let (lines, length) = transposes ? (source.columns, source.rows) : (source.rows, source.columns)
        let count = lines * length
        let blocks = (count + block - 1) / block
        var codes = [UInt8](repeating: 0, count: (count + 1) / 2)
        var scales = [Float](repeating: 0, count: blocks)
        let whole = transposes ? source.floats() : nil
        // So many rows at a time that the next begin with a block.
        let panel = Buffer(count: max(1, block * length))
        let bounds = zip(kind.table.sorted(), kind.table.sorted().dropFirst()).map { ($0 + $1) / 2 }
        precondition(kind == .nf4, "codes of \(kind) are not in the order of their values")
        var areNumbers = true
        for first in stride(from: 0, to: lines, by: block) {
            let range = first..<min(lines, first + block)
            if let whole {
                for (line, column) in range.enumerated() {
                    for row in 0..<length {
                        panel.pointer[line * length + row] = whole.pointer[row * lines + column]
                    }
                }
            } else {
                source.expand(rows: range, into: panel.pointer)
            }
            areNumbers = areNumbers && areFinite(panel.pointer, count: range.count * length)
            codes.withUnsafeMutableBytes { codes in
                scales.withUnsafeMutableBufferPointer { scales in
                    guard let codes = codes.baseAddress, let scales = scales.baseAddress else { return }
                    lorikeet_quantise_four_bit(
                        panel.pointer, bounds, codes + first * length / 2, scales + first * length / block,
                        range.count * length, block)
                }
            }
        }
        guard areNumbers else { return nil }
        self.init(
            shape: source.shape, liesTransposed: transposes, kind: kind, codes: .memory(codes),
            scales: FourBitScales(quantising: scales), blockSize: block, tensor: source.tensor)
    }
}
