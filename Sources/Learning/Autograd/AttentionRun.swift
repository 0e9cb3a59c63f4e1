import CVectorMath
import Tensors

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

    /// Keys and values that every sequence sees before its own.
    struct Prefix {
        let keys: Buffer
        let values: Buffer
        let length: Int
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

    func backward(_ gradient: Buffer, into targets: Targets, rows range: Range<Int>, group: Int) {
        let size = min(Self.block, range.count) * range.count
        let (p, dp) = (Buffer(count: size), Buffer(count: size))
        let dots = Buffer(count: min(Self.block, range.count))
        let d = shape.headWidth
        let column = group * d
        for head in heads(of: group) {
            for queries in blocks(of: range) {
                let m = queries.count
                let seen = shape.isCausal ? queries.upperBound - range.lowerBound : range.count
                multiplyScores(
                    p, queries: queries, keysFrom: range.lowerBound, seen: seen, head: head, group: group)
                lk_softmax_again(
                    p.pointer, logSums.pointer + head * rows + queries.lowerBound, shape.scale, m, seen, seen,
                    visible(queries, range, before: 0), shape.isCausal ? 1 : 0)
                let start = queries.lowerBound * outStride + head * d
                let dOut = gradient.pointer + start
                // dV += Pᵀ dO; dP = dO Vᵀ; dS = scale · P ∘ (dP − rowsum(dO ∘ O)); dQ = dS K; dK += dSᵀ Q.
                BLAS.multiply(
                    p.pointer, stride: seen, transposed: true, by: dOut, stride: outStride,
                    into: targets.v + range.lowerBound * v.stride + column, stride: v.stride, m: seen, n: d,
                    k: m,
                    beta: 1)
                BLAS.multiply(
                    dOut, stride: outStride, by: v.pointer(row: range.lowerBound, column: column),
                    stride: v.stride, byTransposed: true, into: dp.pointer, stride: seen, m: m, n: seen, k: d)
                lk_row_dots(dots.pointer, dOut, out.pointer + start, m, d, outStride)
                lk_softmax_backward(dp.pointer, p.pointer, dots.pointer, shape.scale, m, seen, seen)
                BLAS.multiply(
                    dp.pointer, stride: seen, by: k.pointer(row: range.lowerBound, column: column),
                    stride: k.stride, into: targets.q + queries.lowerBound * q.stride + head * d,
                    stride: q.stride, m: m, n: d, k: seen, beta: 1)
                BLAS.multiply(
                    dp.pointer, stride: seen, transposed: true,
                    by: q.pointer(row: queries.lowerBound, column: head * d), stride: q.stride,
                    into: targets.k + range.lowerBound * k.stride + column, stride: k.stride,
                    m: seen, n: d, k: m, beta: 1)
            }
        }
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
