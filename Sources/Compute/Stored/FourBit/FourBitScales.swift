import CVectorMath

/// What blocks of four-bit values are multiplied by: a float each, or in eight bits with scales of their own
/// (double quantisation).
package struct FourBitScales: Sendable {
    private enum Form {
        case floats([Float])
        /// `map[codes[i]] * nested[i / block] + offset`
        case nested(codes: [UInt8], map: [Float], nested: [Float], block: Int, offset: Float)
    }

    private let form: Form

    package init(_ scales: [Float]) { form = .floats(scales) }

    /// Doubly quantised ones as a file holds them.
    ///
    /// - `map`: 256 values; `nested`: one for each `block` of codes.
    package init(codes: [UInt8], map: [Float], nested: [Float], block: Int, offset: Float) {
        precondition(
            map.count == 256 && block > 0 && nested.count == (codes.count + block - 1) / block,
            "\(nested.count) scales of \(codes.count) scales by \(block), a map of \(map.count)")
        form = .nested(codes: codes, map: map, nested: nested, block: block, offset: offset)
    }

    /// Quantises scales as bitsandbytes does: what differs from their mean, in blocks of 256.
    ///
    /// The mean is rounded once here; torch's depends on how its processor orders the sum.
    package init(quantising scales: [Float]) {
        let mean = scales.reduce(0.0) { $0 + Double($1) } / Double(max(1, scales.count))
        let (offset, block) = (Float(mean), 256)
        var codes: [UInt8] = []
        var nested: [Float] = []
        for start in stride(from: 0, to: scales.count, by: block) {
            let rest = scales[start..<min(scales.count, start + block)].map { $0 - offset }
            let largest = rest.map(abs).max() ?? 0
            // As the reference: a last block that is not whole divides, and is never of size nothing.
            let (isWhole, divisor) = (rest.count == block, max(largest, 1e-38))
            nested.append(isWhole ? largest : divisor)
            codes += rest.map { DynamicMap.place(of: isWhole ? $0 * (1 / divisor) : $0 / divisor) }
        }
        self.init(codes: codes, map: DynamicMap.values, nested: nested, block: block, offset: offset)
    }

    package var count: Int {
        switch form {
        case .floats(let scales): scales.count
        case .nested(let codes, _, _, _, _): codes.count
        }
    }

    package var byteCount: Int {
        switch form {
        case .floats(let scales): 4 * scales.count
        case .nested(let codes, let map, let nested, _, _): codes.count + 4 * (map.count + nested.count + 1)
        }
    }

    package var isNested: Bool { if case .nested = form { true } else { false } }

    /// The scales of some blocks as floats.
    func expand(_ blocks: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(blocks.lowerBound >= 0 && blocks.upperBound <= count, "scales \(blocks) of \(count)")
        switch form {
        case .floats(let scales):
            scales.withUnsafeBufferPointer {
                guard let start = $0.baseAddress else { return }
                destination.update(from: start + blocks.lowerBound, count: blocks.count)
            }
        case .nested(let codes, let map, let nested, let block, let offset):
            lorikeet_expand_scales(
                codes, map, nested, offset, destination, blocks.lowerBound, blocks.count, block)
        }
    }

    /// For tests and messages.
    package var floats: [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, written in
            if let start = buffer.baseAddress { expand(0..<count, into: start) }
            written = count
        }
    }

    /// The codes and their scales; nil where scales are floats.
    package var parts: (codes: [UInt8], nested: [Float], offset: Float)? {
        guard case .nested(let codes, _, let nested, _, let offset) = form else { return nil }
        return (codes, nested, offset)
    }
}
