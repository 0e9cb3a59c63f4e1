import CVectorMath
import Compute
import Learning
import Testing

/// Attention of sequences that go on is that of the same sequences read whole.
@Suite struct RememberedAttentionTests {
    init() throws { try BLAS.prepare() }

    struct Shape: Sendable {
        let heads, keyValueHeads, headWidth: Int
    }

    /// The rows of one sequence's queries, keys and values, side by side as GPT-2 has them.
    private static func values(_ count: Int, _ shape: Shape, seed: UInt64) -> [Float] {
        let columns = (shape.heads + 2 * shape.keyValueHeads) * shape.headWidth
        return randomTensor(count, columns, seed: seed).floats
    }

    private static func attend(
        _ pass: Pass, _ values: [Float], _ shape: Shape
    ) throws -> [Float] {
        let (own, d) = (shape.keyValueHeads * shape.headWidth, shape.heads * shape.headWidth)
        let columns = d + 2 * own
        let fused = Tensor(values, rows: values.count / columns, columns: columns)
        return try pass.attention(
            q: Columns(fused), k: Columns(fused, offset: d), v: Columns(fused, offset: d + own),
            shape: AttentionShape(
                heads: shape.heads, keyValueHeads: shape.keyValueHeads, headWidth: shape.headWidth,
                isCausal: true), block: 3
        ).floats
    }

    /// Reads sequences in pieces: a beginning, one row, one row, some rows, and one row again.
    @Test(
        arguments: [
            Shape(heads: 4, keyValueHeads: 4, headWidth: 16), Shape(heads: 6, keyValueHeads: 2, headWidth: 5),
            Shape(heads: 9, keyValueHeads: 3, headWidth: 64),
        ], [1, 2])
    func inPiecesItIsWhatItIsAtOnce(shape: Shape, workers: Int) throws {
        let team = Workers(count: workers)
        defer { team.close() }
        let columns = (shape.heads + 2 * shape.keyValueHeads) * shape.headWidth
        let beginnings = [5, 1, 90]
        let pieces = [1, 1, 3, 1]
        let sequences = beginnings.enumerated().map { index, count in
            Self.values(count + pieces.reduce(0, +), shape, seed: UInt64(index + 1))
        }
        let memories = sequences.map { _ in SequenceMemory() }
        var found = sequences.map { _ in [Float]() }
        func read(_ layout: Layout, _ rows: [Range<Int>]) throws {
            let pass = Pass(layout, workers: team)
            pass.memories = memories
            let values = zip(sequences, rows).flatMap { values, rows in
                Array(values[rows.lowerBound * columns..<rows.upperBound * columns])
            }
            let out = try Self.attend(pass, values, shape)
            let width = shape.heads * shape.headWidth
            for index in sequences.indices {
                let own = layout.rows(of: index)
                found[index] += out[own.lowerBound * width..<own.upperBound * width]
            }
        }
        try read(Layout(lengths: beginnings), beginnings.map { 0..<$0 })
        var seen = 0
        for piece in pieces {
            let layout = Layout(
                continuing: beginnings.map {
                    Layout.Continuation(length: piece, position: $0 + seen, before: $0 + seen, prompt: $0)
                })
            try read(layout, beginnings.map { $0 + seen..<$0 + seen + piece })
            seen += piece
        }
        for (index, values) in sequences.enumerated() {
            let whole = try Self.attend(Pass(Layout(lengths: [values.count / columns])), values, shape)
            #expect(zip(found[index], whole).allSatisfy { abs($0 - $1) < 1e-5 })
            #expect(found[index].count == whole.count)
        }
    }

    /// What one sequence attends to has the same bytes whoever is beside it.
    @Test func aSequenceGoesOnAsItDoesAlone() throws {
        let shape = Shape(heads: 6, keyValueHeads: 2, headWidth: 8)
        func goOn(beside others: Int) throws -> [Float] {
            let lengths = [7] + (0..<others).map { 3 + $0 }
            let memories = lengths.map { _ in SequenceMemory() }
            let first = Pass(Layout(lengths: lengths))
            first.memories = memories
            _ = try Self.attend(
                first, lengths.enumerated().flatMap { Self.values($1, shape, seed: UInt64($0)) }, shape)
            let next = Pass(
                Layout(continuing: lengths.map { .init(position: $0, before: $0, prompt: $0) }))
            next.memories = memories
            let values = lengths.indices.flatMap { Self.values(1, shape, seed: 100 + UInt64($0)) }
            return Array(try Self.attend(next, values, shape).prefix(48))
        }
        let alone = try goOn(beside: 0)
        for others in [1, 2, 9] { #expect(try goOn(beside: others).hasBits(of: alone)) }
    }

    /// A copy goes on by itself.
    @Test func aCopiedMemoryIsItsOwn() throws {
        let shape = Shape(heads: 2, keyValueHeads: 2, headWidth: 4)
        let memory = SequenceMemory()
        func read(_ memory: SequenceMemory, _ layout: Layout, seed: UInt64) throws -> [Float] {
            let pass = Pass(layout)
            pass.memories = [memory]
            return try Self.attend(pass, Self.values(layout.rowCount, shape, seed: seed), shape)
        }
        _ = try read(memory, Layout(lengths: [5]), seed: 1)
        let copy = memory.copy()
        func next(_ place: Int) -> Layout {
            Layout(continuing: [.init(position: place, before: place, prompt: 5)])
        }
        let one = try read(memory, next(5), seed: 2)
        _ = try read(memory, next(6), seed: 3)
        #expect(try read(copy, next(5), seed: 2) == one)
    }

    @Test func theLargestIsTheFirstOfEqualOnes() {
        var values = [Float](repeating: -1, count: 40)
        (values[7], values[23]) = (3, 3)
        let tensor = Tensor(values + values.reversed(), rows: 2, columns: 40)
        #expect(tensor.largest(inRow: 0) == 7 && tensor.largest(inRow: 1) == 16)
        #expect(tensor.isFinite && tensor.values(ofRow: 1)[16] == 3)
        #expect(!Tensor([1, .nan], rows: 1, columns: 2).isFinite)
    }
}
