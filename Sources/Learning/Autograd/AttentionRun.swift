import CVectorMath
import Compute
import System

/// The arithmetic of one attention call: a piece is one sequence and one head of keys and values,
/// with all the query heads that share it.
struct AttentionRun {
    struct View {
        let buffer: Buffer
        let offset: Int
        let stride: Int

        init(_ columns: Columns) {
            buffer = columns.tensor.buffer
            offset = columns.offset
            stride = columns.tensor.columns
        }

        func pointer(row: Int, column: Int) -> UnsafeMutablePointer<Float> {
            buffer.pointer + row * stride + offset + column
        }
    }

    /// Keys and values that every sequence sees before its own, each (length, keyValueHeads × headWidth).
    struct Prefix {
        let keys: Buffer
        let values: Buffer
        let length: Int
        fileprivate var slots: (keys: GradientSlot?, values: GradientSlot?) = (nil, nil)

        /// Computed earlier: no gradient goes there.
        init(keys: Buffer, values: Buffer, length: Int) {
            (self.keys, self.values, self.length) = (keys, values, length)
        }

        init(keys: Tensor, values: Tensor) {
            self.init(keys: keys.buffer, values: values.buffer, length: keys.rows)
            slots = (keys.slot, values.slot)
        }

        var isTracked: Bool { slots.keys != nil || slots.values != nil }
    }

    /// Dropout of probabilities: the same ones for the same queries and head, on the way up and down.
    struct Dropping {
        /// One a row, see `Layout`.
        let keys: [UInt32]
        let salt: UInt32
        let p: Float

        /// - `x`, `out`: (queries, seen), perhaps one memory.
        func drop(
            _ x: Buffer, into out: Buffer, queries: Range<Int>, seen: Int, head: Int
        ) {
            let salt = UInt32(truncatingIfNeeded: CounterRandom.mix(UInt64(salt) << 32 | UInt64(head)))
            keys.withUnsafeBufferPointer { keys in
                guard let first = keys.baseAddress else { return }
                lk_dropout(
                    out.pointer, x.pointer, first + queries.lowerBound, salt, p, queries.count, seen)
            }
        }
    }

    /// Gradients of keys and values that all sequences share: a part for each, added in their order.
    struct PrefixGradient: @unchecked Sendable {
        struct Part {
            let keys: UnsafeMutablePointer<Float>
            let values: UnsafeMutablePointer<Float>
        }

        private let prefix: Prefix
        private let sequences: Int
        private let keys: Buffer
        private let values: Buffer

        /// Nil where nobody wants them.
        init?(_ prefix: Prefix, sequences: Int) {
            guard prefix.isTracked else { return nil }
            (self.prefix, self.sequences) = (prefix, sequences)
            keys = Buffer(zeros: sequences * prefix.keys.count)
            values = Buffer(zeros: sequences * prefix.values.count)
        }

        func part(of sequence: Int) -> Part {
            Part(
                keys: keys.pointer + sequence * prefix.keys.count,
                values: values.pointer + sequence * prefix.values.count)
        }

        func add() {
            for (slot, parts) in [(prefix.slots.keys, keys), (prefix.slots.values, values)] {
                guard let slot else { continue }
                let target = slot.zeroedTarget()
                for sequence in 0..<sequences {
                    lk_add(target.pointer, parts.pointer + sequence * slot.count, slot.count)
                }
            }
        }
    }

    /// Gradient memory of q, k and v with the strides and offsets of the inputs.
    struct Targets {
        let q: UnsafeMutablePointer<Float>
        let k: UnsafeMutablePointer<Float>
        let v: UnsafeMutablePointer<Float>
        private let owners: [Buffer]

        /// Inputs that share one tensor share its gradient; an untracked one gets memory to lose.
        init(_ q: GradientSlot?, _ k: GradientSlot?, _ v: GradientSlot?, run: AttentionRun) {
            var found: [ObjectIdentifier: Buffer] = [:]
            func memory(_ slot: GradientSlot?, _ view: View) -> Buffer {
                let count = run.rows * view.stride
                guard let slot else { return Buffer(zeros: count) }
                let key = ObjectIdentifier(slot)
                if let buffer = found[key] { return buffer }
                let buffer = slot.zeroedTarget()
                found[key] = buffer
                return buffer
            }
            owners = [memory(q, run.q), memory(k, run.k), memory(v, run.v)]
            self.q = owners[0].pointer + run.q.offset
            self.k = owners[1].pointer + run.k.offset
            self.v = owners[2].pointer + run.v.offset
        }
    }

    let shape: AttentionShape
    let q: View
    let k: View
    let v: View
    let out: Buffer
    /// (heads, rows): the log of each query's sum of exponentials.
    let logSums: Buffer
    let rows: Int
    let prefix: Prefix?
    let dropping: Dropping?

    /// Queries handled at once: their scores against 1000 keys stay within a core's cache.
    private static let block = 128

    func forward(rows range: Range<Int>, group: Int) {
        let before = prefix?.length ?? 0
        let length = before + range.count
        let scores = Buffer(count: min(Self.block, range.count) * length)
        let d = shape.headWidth
        for head in heads(of: group) {
            for queries in blocks(of: range) {
                let seen = before + (shape.isCausal ? queries.upperBound - range.lowerBound : range.count)
                multiplyScores(
                    scores, queries: queries, keysFrom: range.lowerBound, seen: seen, head: head, group: group
                )
                lk_softmax(
                    scores.pointer, logSums.pointer + head * rows + queries.lowerBound, shape.scale,
                    queries.count, seen, seen, visible(queries, range, before: before), shape.isCausal ? 1 : 0
                )
                dropping?.drop(scores, into: scores, queries: queries, seen: seen, head: head)
                let result = out.pointer + queries.lowerBound * outStride + head * d
                if let prefix {
                    BLAS.multiply(
                        scores.pointer, stride: seen, by: prefix.values.pointer + group * d,
                        stride: shape.keyValueHeads * d, into: result, stride: outStride,
                        m: queries.count, n: d, k: before)
                }
                BLAS.multiply(
                    scores.pointer + before, stride: seen,
                    by: v.pointer(row: range.lowerBound, column: group * d), stride: v.stride,
                    into: result, stride: outStride, m: queries.count, n: d, k: seen - before,
                    beta: before > 0 ? 1 : 0)
            }
        }
    }

    func backward(
        _ gradient: Buffer, into targets: Targets, _ first: PrefixGradient.Part?, rows range: Range<Int>,
        group: Int
    ) {
        let before = prefix?.length ?? 0
        let size = min(Self.block, range.count) * (before + range.count)
        let (p, dp) = (Buffer(count: size), Buffer(count: size))
        // The probabilities that values were weighted by, and all of them, by which the softmax passes back.
        let used = dropping == nil ? p : Buffer(count: size)
        let dots = Buffer(count: min(Self.block, range.count))
        let d = shape.headWidth
        let column = group * d
        for head in heads(of: group) {
            for queries in blocks(of: range) {
                let m = queries.count
                let own = shape.isCausal ? queries.upperBound - range.lowerBound : range.count
                let seen = before + own
                multiplyScores(
                    p, queries: queries, keysFrom: range.lowerBound, seen: seen, head: head, group: group)
                lk_softmax_again(
                    p.pointer, logSums.pointer + head * rows + queries.lowerBound, shape.scale, m, seen, seen,
                    visible(queries, range, before: before), shape.isCausal ? 1 : 0)
                dropping?.drop(p, into: used, queries: queries, seen: seen, head: head)
                let start = queries.lowerBound * outStride + head * d
                let dOut = gradient.pointer + start
                // With D what dropout keeps, divided: dV += (D ∘ P)ᵀ dO; dP = D ∘ dO Vᵀ;
                // dS = scale · P ∘ (dP − rowsum(dO ∘ O)); dQ = dS K; dK += dSᵀ Q.
                BLAS.multiply(
                    used.pointer + before, stride: seen, transposed: true, by: dOut, stride: outStride,
                    into: targets.v + range.lowerBound * v.stride + column, stride: v.stride, m: own, n: d,
                    k: m, beta: 1)
                BLAS.multiply(
                    dOut, stride: outStride, by: v.pointer(row: range.lowerBound, column: column),
                    stride: v.stride, byTransposed: true, into: dp.pointer + before, stride: seen, m: m,
                    n: own, k: d)
                if let prefix {
                    passBackValues(used, dOut, into: dp, first, prefix, column: column, m: m, seen: seen)
                }
                dropping?.drop(dp, into: dp, queries: queries, seen: seen, head: head)
                lk_row_dots(dots.pointer, dOut, out.pointer + start, m, d, outStride)
                lk_softmax_backward(dp.pointer, p.pointer, dots.pointer, shape.scale, m, seen, seen)
                let dQuery = targets.q + queries.lowerBound * q.stride + head * d
                let query = q.pointer(row: queries.lowerBound, column: head * d)
                BLAS.multiply(
                    dp.pointer + before, stride: seen, by: k.pointer(row: range.lowerBound, column: column),
                    stride: k.stride, into: dQuery, stride: q.stride, m: m, n: d, k: own, beta: 1)
                BLAS.multiply(
                    dp.pointer + before, stride: seen, transposed: true, by: query, stride: q.stride,
                    into: targets.k + range.lowerBound * k.stride + column, stride: k.stride,
                    m: own, n: d, k: m, beta: 1)
                if let prefix {
                    passBackKeys(dp, query, into: dQuery, first, prefix, column: column, m: m, seen: seen)
                }
            }
        }
    }

    /// The part of the shared values: dP before the own keys, and dV of the shared ones.
    private func passBackValues(
        _ p: Buffer, _ dOut: UnsafePointer<Float>, into dp: Buffer, _ first: PrefixGradient.Part?,
        _ prefix: Prefix, column: Int, m: Int, seen: Int
    ) {
        let (d, stride) = (shape.headWidth, shape.keyValueHeads * shape.headWidth)
        BLAS.multiply(
            dOut, stride: outStride, by: prefix.values.pointer + column, stride: stride, byTransposed: true,
            into: dp.pointer, stride: seen, m: m, n: prefix.length, k: d)
        guard let first else { return }
        BLAS.multiply(
            p.pointer, stride: seen, transposed: true, by: dOut, stride: outStride,
            into: first.values + column, stride: stride, m: prefix.length, n: d, k: m, beta: 1)
    }

    /// The part of the shared keys: what they add to dQ, and their own gradient.
    private func passBackKeys(
        _ dp: Buffer, _ query: UnsafePointer<Float>, into dQuery: UnsafeMutablePointer<Float>,
        _ first: PrefixGradient.Part?, _ prefix: Prefix, column: Int, m: Int, seen: Int
    ) {
        let (d, stride) = (shape.headWidth, shape.keyValueHeads * shape.headWidth)
        BLAS.multiply(
            dp.pointer, stride: seen, by: prefix.keys.pointer + column, stride: stride, into: dQuery,
            stride: q.stride, m: m, n: d, k: prefix.length, beta: 1)
        guard let first else { return }
        BLAS.multiply(
            dp.pointer, stride: seen, transposed: true, by: query, stride: q.stride,
            into: first.keys + column, stride: stride, m: prefix.length, n: d, k: m, beta: 1)
    }

    // MARK: - Parts

    private var outStride: Int { shape.heads * shape.headWidth }

    private func heads(of group: Int) -> Range<Int> {
        let share = shape.heads / shape.keyValueHeads
        return group * share..<(group + 1) * share
    }

    private func blocks(of range: Range<Int>) -> [Range<Int>] {
        stride(from: range.lowerBound, to: range.upperBound, by: Self.block).map {
            $0..<min(range.upperBound, $0 + Self.block)
        }
    }

    /// How many keys the first query of a block sees.
    private func visible(_ queries: Range<Int>, _ range: Range<Int>, before: Int) -> Int {
        before + (shape.isCausal ? queries.lowerBound - range.lowerBound + 1 : range.count)
    }

    /// scores (queries, seen) = q · kᵀ, over the prefix's keys first.
    private func multiplyScores(
        _ scores: Buffer, queries: Range<Int>, keysFrom first: Int, seen: Int, head: Int, group: Int
    ) {
        let d = shape.headWidth
        let before = prefix?.length ?? 0
        let query = q.pointer(row: queries.lowerBound, column: head * d)
        if let prefix {
            BLAS.multiply(
                query, stride: q.stride, by: prefix.keys.pointer + group * d, stride: shape.keyValueHeads * d,
                byTransposed: true, into: scores.pointer, stride: seen, m: queries.count, n: before, k: d)
        }
        BLAS.multiply(
            query, stride: q.stride, by: k.pointer(row: first, column: group * d), stride: k.stride,
            byTransposed: true, into: scores.pointer + before, stride: seen, m: queries.count,
            n: seen - before, k: d)
    }
}
