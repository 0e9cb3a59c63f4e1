import Diagnostics
import Foundation

/// TF-IDF as scikit-learn's TfidfVectorizer has it: how often a term stands in a text, times
/// `log((1 + texts) / (1 + texts with it)) + 1`, each text's row divided by its length.
package struct TermWeights: Sendable {
    /// So many texts, or such a share of them, have to have a term for it to count.
    package enum LeastTexts: Sendable, Hashable {
        case count(Int)
        case share(Double)
    }

    private let terms: TermNumbers
    /// Of each term's number its column; -1 where it does not count.
    private let columns: [Int32]
    private let inverses: [Double]

    /// How many terms count.
    package var count: Int { inverses.count }

    /// Learns terms from texts, which become rows at once.
    ///
    /// - Throws: `no-terms` where none counts; `Interrupted`.
    package static func fitted(
        to texts: [String], orders: ClosedRange<Int>, least: LeastTexts, interruption: Interruption
    ) throws -> (weights: TermWeights, rows: SparseRows) {
        var terms = TermNumbers(orders: orders)
        var counted: [[(term: Int32, count: Double)]] = []
        counted.reserveCapacity(texts.count)
        for (index, text) in texts.enumerated() {
            if index.isMultiple(of: 256) { try interruption.check() }
            counted.append(counts(of: terms.learn(text)))
        }
        var having = [Int](repeating: 0, count: terms.count)
        for (term, _) in counted.joined() { having[Int(term)] += 1 }
        let weights = try TermWeights(terms, having, of: texts.count, least)
        var rows = SparseRows(columnCount: weights.count)
        for row in counted { rows.append(weights.row(row)) }
        return (weights, rows)
    }

    private init(_ terms: TermNumbers, _ having: [Int], of texts: Int, _ least: LeastTexts) throws {
        let bound =
            switch least {
            case .count(let count): Double(count)
            case .share(let share): share * Double(texts)
            }
        var columns = [Int32](repeating: -1, count: having.count)
        var inverses: [Double] = []
        for (term, count) in having.enumerated() where count > 0 && Double(count) >= bound {
            columns[term] = Int32(inverses.count)
            inverses.append(log((1 + Double(texts)) / (1 + Double(count))) + 1)
        }
        guard !inverses.isEmpty else {
            throw Diagnostic(
                "no-terms", "no term stands in as many training texts as min_df asks for",
                about: "min_df", hint: "lower min_df")
        }
        (self.terms, self.columns, self.inverses) = (terms, columns, inverses)
    }

    /// Rows of other texts, by the terms that are known.
    package func rows(_ texts: [String], interruption: Interruption) throws -> SparseRows {
        var rows = SparseRows(columnCount: count)
        for (index, text) in texts.enumerated() {
            if index.isMultiple(of: 256) { try interruption.check() }
            rows.append(row(Self.counts(of: terms.known(in: text))))
        }
        return rows
    }

    private func row(_ counts: [(term: Int32, count: Double)]) -> [(column: Int32, value: Double)] {
        var row = counts.compactMap { term, count -> (column: Int32, value: Double)? in
            let column = columns[Int(term)]
            return column < 0 ? nil : (column, count * inverses[Int(column)])
        }
        let length = row.reduce(0) { $0 + $1.value * $1.value }.squareRoot()
        if length > 0 { for index in row.indices { row[index].value /= length } }
        return row
    }

    /// How often each term occurs, in ascending order of their numbers.
    private static func counts(of terms: [Int32]) -> [(term: Int32, count: Double)] {
        var counts: [(term: Int32, count: Double)] = []
        for term in terms.sorted() {
            if counts.last?.term == term {
                counts[counts.count - 1].count += 1
            } else {
                counts.append((term, 1))
            }
        }
        return counts
    }
}
