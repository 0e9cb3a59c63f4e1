import Compute
import Foundation
import Learning
import Synchronization
import Testing

/// An operation whose rows are to stand alone, over inputs of these widths.
struct RowOperation: Sendable, CustomTestStringConvertible {
    let name: String
    let widths: [Int]
    let body: @Sendable (Pass, [Tensor]) throws -> Tensor

    var testDescription: String { name }
}

/// A sequence between others: what an operation makes of its rows, and of their gradient.
struct Company {
    /// Tokens of the sequences before it and after it; 0 for none.
    var before = 0
    var after = 0

    /// 1 to 64 rows beside the sequence, in front, behind and on both sides.
    static let all = (1...63).flatMap { count in
        [
            Company(before: count), Company(after: count),
            Company(before: count / 2, after: count - count / 2),
        ]
    }

    enum Mode: CaseIterable {
        /// As in training, forward and backward.
        case tracked
        /// Forward alone, over memory that nobody reads again.
        case plain
    }

    /// The rows of a sequence of `length` tokens, and of each input's gradient.
    func rows(
        of length: Int, under operation: RowOperation, _ mode: Mode, workers: Workers? = nil
    ) throws -> [[Float]] {
        let lengths = [before, length, after]
        let present = lengths.indices.filter { lengths[$0] > 0 }
        let layout = Layout(
            lengths: present.map { lengths[$0] }, identities: present.map { UInt64($0) + 5 })
        let place = present.firstIndex(of: 1) ?? 0
        let inputs = operation.widths.enumerated().map { index, width -> Tensor in
            let parts = present.map { sequence in
                Drawn.values(rows: lengths[sequence], columns: width, seed: 10 * sequence + index)
            }
            return Tensor(parts.flatMap { $0 }, rows: layout.rowCount, columns: width)
        }
        guard mode == .tracked else {
            let result = try operation.body(Pass(layout), inputs)
            return [Self.part(result, result.buffer, of: place, layout)]
        }
        let pass = Pass(layout, under: Tuning(), training: .init(seed: 7, step: 3), workers: workers)
        let tracked = inputs.map { pass.tracked($0) }
        let result = try operation.body(pass, tracked)
        let parts = present.map { sequence in
            let count = result.rows == layout.rowCount ? lengths[sequence] : 1
            return Drawn.values(rows: count, columns: result.columns, seed: 900 + sequence)
        }
        let values = Self.part(result, result.buffer, of: place, layout)
        try pass.backward(from: result, gradient: Buffer(parts.flatMap { $0 }))
        return try [values]
            + tracked.map { Self.part($0, try #require($0.slot?.gradient), of: place, layout) }
    }

    /// A sequence's rows, or its row where there is one a sequence.
    private static func part(_ tensor: Tensor, _ values: Buffer, of place: Int, _ layout: Layout) -> [Float] {
        let rows = tensor.rows == layout.rowCount ? layout.rows(of: place) : place..<place + 1
        let start = values.pointer + rows.lowerBound * tensor.columns
        return Array(UnsafeBufferPointer(start: start, count: rows.count * tensor.columns))
    }

    /// Whether a sequence's rows are the same bytes alone and in each company: the first that are not.
    static func difference(_ operation: RowOperation, _ mode: Mode, length: Int) throws -> String? {
        let alone = try Company().rows(of: length, under: operation, mode)
        for company in all {
            let rows = try company.rows(of: length, under: operation, mode)
            for (index, (found, wanted)) in zip(rows, alone).enumerated() where !found.hasBits(of: wanted) {
                let what = index == 0 ? "result" : "gradient \(index)"
                return "\(what) of \(length) rows after \(company.before), before \(company.after)"
            }
        }
        return nil
    }
}

extension [Float] {
    func hasBits(of other: [Float]) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
}

/// Values that many companies begin with, drawn once.
private enum Drawn {
    private struct Key: Hashable {
        let columns, seed: Int
    }

    private static let kept = Mutex<[Key: [Float]]>([:])

    static func values(rows: Int, columns: Int, seed: Int) -> ArraySlice<Float> {
        let key = Key(columns: columns, seed: seed)
        let all = kept.withLock { kept in
            if let found = kept[key], found.count >= rows * columns { return found }
            let made = randomTensor(max(64, rows), columns, seed: UInt64(seed)).floats
            kept[key] = made
            return made
        }
        return all.prefix(rows * columns)
    }
}
