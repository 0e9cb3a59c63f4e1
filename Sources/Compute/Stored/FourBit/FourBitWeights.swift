import CVectorMath

/// A linear layer's weight in bitsandbytes' four bits: blocks of values share a scale, whatever row they are in.
package struct FourBitWeights: WeightStorage {
    package let shape: [Int]
    /// Whether the values lie as (out, in) where `shape` is (in, out): what has been quantised then is the transposed
    /// matrix, as Transformers does with GPT-2's Conv1D.
    package let liesTransposed: Bool
    package let kind: FourBitKind
    private let table: [Float]
    package let scales: FourBitScales
    /// How many values share a scale; even.
    package let blockSize: Int
    /// What the reference hands on dequantised values as: halves lose a few bits more.
    private let rounding: NumberFormat
    private let codes: Codes
    /// The file's tensor that it was read or made from.
    package let tensor: StoredTensor?

    /// Two values a byte, in a file or in memory.
    package enum Codes: Sendable {
        case file(StoredTensor)
        case memory([UInt8])
    }

    /// - `shape`: (rows, columns), as the checkpoint's architecture has it.
    /// - `rounding`: f32, f16 or bf16.
    package init(
        shape: [Int], liesTransposed: Bool = false, kind: FourBitKind, codes: Codes, scales: FourBitScales,
        blockSize: Int, rounding: NumberFormat = .f32, tensor: StoredTensor?
    ) {
        let count = shape.reduce(1, *)
        precondition(
            shape.count == 2 && blockSize > 0 && blockSize % 2 == 0
                && scales.count == (count + blockSize - 1) / blockSize,
            "\(shape) in blocks of \(blockSize) with \(scales.count) scales")
        precondition([.f32, .f16, .bf16].contains(rounding), "values rounded to \(rounding)")
        self.shape = shape
        self.liesTransposed = liesTransposed
        self.kind = kind
        table = kind.table
        self.codes = codes
        self.scales = scales
        self.blockSize = blockSize
        self.rounding = rounding
        self.tensor = tensor
        let bytes =
            switch codes {
            case .file(let tensor): tensor.byteCount
            case .memory(let bytes): bytes.count
            }
        precondition(bytes == (count + 1) / 2, "\(bytes) bytes for \(count) values")
    }

    package var byteCount: Int { (count + 1) / 2 + scales.byteCount }
    package var dense: Buffer? { nil }
    package var quantisation: FourBitKind? { kind }

    package func expand(rows range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of \(rows)")
        guard liesTransposed else {
            return expand(
                elements: range.lowerBound * columns..<range.upperBound * columns, into: destination)
        }
        // A piece of each row that lies together becomes a column.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, range.count)) { piece in
            guard let start = piece.baseAddress else { return }
            for column in 0..<columns {
                let first = column * rows
                expand(elements: first + range.lowerBound..<first + range.upperBound, into: start)
                for row in 0..<range.count { destination[row * columns + column] = start[row] }
            }
        }
    }

    package func expandTransposed(columns range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        precondition(
            liesTransposed && range.lowerBound >= 0 && range.upperBound <= columns,
            "columns \(range) of \(columns)")
        expand(elements: range.lowerBound * rows..<range.upperBound * rows, into: destination)
    }

    package func releasePages() {
        if case .file(let tensor) = codes { tensor.releasePages() }
    }

    /// The codes, two a byte.
    package var packed: [UInt8] {
        switch codes {
        case .memory(let bytes): bytes
        case .file(let tensor):
            withExtendedLifetime(tensor.file) {
                Array(tensor.file.bytes[tensor.offset..<tensor.offset + tensor.byteCount])
            }
        }
    }

    /// Values by their place in the order in which they lie.
    private func expand(elements range: Range<Int>, into destination: UnsafeMutablePointer<Float>) {
        guard !range.isEmpty else { return }
        let blocks = range.lowerBound / blockSize..<(range.upperBound - 1) / blockSize + 1
        withUnsafeTemporaryAllocation(of: Float.self, capacity: blocks.count) { room in
            guard let factors = room.baseAddress else { return }
            scales.expand(blocks, into: factors)
            withCodes { codes in
                lorikeet_expand_four_bit(
                    codes, factors, table, destination, range.lowerBound, range.count, blockSize)
            }
        }
        switch rounding {
        case .bf16: lorikeet_round_bf16(destination, range.count)
        case .f16: lorikeet_round_f16(destination, range.count)
        default: break
        }
    }

    private func withCodes(_ body: (UnsafeRawPointer) -> Void) {
        switch codes {
        case .memory(let bytes):
            bytes.withUnsafeBytes { if let start = $0.baseAddress { body(start) } }
        case .file(let tensor):
            withExtendedLifetime(tensor.file) { if let start = tensor.start { body(start) } }
        }
    }
}
