import Checkpoints
import Compute
import Diagnostics

/// The memory that a checkpoint's weights take beside its file.
struct MemoryNeed {
    /// At most; what lies in the file as it is needed takes nothing.
    let byteCount: Int
    private let precision: Precision

    /// - `blocks`: how many of the first blocks are taken; nil for all.
    init(of checkpoint: any Checkpoint, as precision: Precision, blocks: Int? = nil) {
        self.precision = precision
        let taken = checkpoint.tensors.filter { tensor in
            guard let blocks, let block = Self.block(of: tensor.name) else { return true }
            return block < blocks
        }
        byteCount = taken.reduce(0) { sum, tensor in
            switch precision {
            case .native: sum
            // Four bits, and an eighth of a bit for scales.
            case .nf4: sum + (tensor.shape.count == 2 ? tensor.elementCount * 33 / 64 : 0)
            case .f32 where tensor.format == .f32: sum
            case .f32: sum + 4 * (FourBitTensor.valueCount(of: tensor, in: checkpoint) ?? tensor.elementCount)
            }
        }
    }

    /// The number of a tensor's block, which is the first number in its name in every naming; nil for one of none.
    private static func block(of name: String) -> Int? {
        name.split(separator: ".").lazy.compactMap { Int($0) }.first
    }

    /// - Throws: `no-memory` when it would not fit.
    func check() throws {
        guard let available = SystemMemory.available, byteCount >= available else { return }
        throw Diagnostic(
            "no-memory",
            "the weights need \(byteCount >> 20) MiB as \(precision), \(available >> 20) MiB are free",
            hint: "try precision=native, which keeps them as stored"
                + (precision == .f32 ? ", or precision=nf4, which makes four bits of them" : ""))
    }
}
