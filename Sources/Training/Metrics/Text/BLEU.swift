import Foundation

/// BLEU (Papineni et al. 2002) as sacrebleu counts it: up to four words in a row, 13a tokens, letters as they are
/// written; a precision of 0 is smoothed as NIST does (`exp`: a half of one, a quarter, an eighth …).
package struct BLEU: TextMetric {
    package let name = "bleu"
    package let title = "BLEU"
    /// Whether texts that are too short for four words in a row are judged by fewer, as sacrebleu's `sentence_bleu` does.
    private let isOfSentences: Bool

    private static let order = 4

    package init(isOfSentences: Bool = false) { self.isOfSentences = isOfSentences }

    /// Words of the text and of the reference nearest in length, then for each order how many runs are right, and how
    /// many there are.
    package func counts(_ text: String, references: [String]) -> [Double] {
        let words = Tokenizer13a.words(of: text)
        let others = references.map { Tokenizer13a.words(of: $0) }
        let length =
            others.map(\.count).min { (abs($0 - words.count), $0) < (abs($1 - words.count), $1) } ?? 0
        var right: [Double] = []
        var total: [Double] = []
        for order in 1...Self.order {
            let known = others.map { $0.runs(of: order) }
            let found = words.runs(of: order)
            right.append(
                Double(
                    found.reduce(0) { sum, run in
                        sum + min(run.value, known.compactMap { $0[run.key] }.max() ?? 0)
                    }))
            total.append(Double(max(0, words.count - order + 1)))
        }
        return [Double(words.count), Double(length)] + right + total
    }

    package func score(_ sums: [Double]) -> Double {
        let (length, reference) = (sums[0], sums[1])
        let (right, total) = (sums[2..<2 + Self.order], sums[(2 + Self.order)...])
        guard right.contains(where: { $0 > 0 }) else { return 0 }
        var smoothing = 1.0
        var logarithms: [Double] = []
        for (right, total) in zip(right, total) where total > 0 {
            if right == 0 { smoothing *= 2 }
            logarithms.append(log((right == 0 ? 1 / smoothing : right) / total))
        }
        // No run of four words at all: sacrebleu's floor for the logarithm of nothing leaves nothing.
        guard isOfSentences || logarithms.count == Self.order else { return 0 }
        let brevity = length < reference ? exp(1 - reference / length) : 1
        return 100 * brevity * exp(logarithms.reduce(0, +) / Double(logarithms.count))
    }
}
