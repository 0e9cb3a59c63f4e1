/// chrF (Popović 2015) and chrF++ (2017) as sacrebleu counts them: runs of up to six letters, and of up to so many words;
/// recall counts twice as much as precision.
package struct ChrF: TextMetric {
    package let name: String
    package let title: String
    private let wordOrder: Int

    private static let letterOrder = 6
    /// The square of β = 2.
    private static let recallWeight = 4.0

    /// - `wordOrder`: 2 for chrF++.
    package init(wordOrder: Int = 0) {
        self.wordOrder = wordOrder
        (name, title) = wordOrder > 0 ? ("chrf++", "chrF++") : ("chrf", "chrF")
    }

    /// For each kind of run: how many the text has, the reference, and both; of several references those of the one
    /// that gives the text the highest score.
    package func counts(_ text: String, references: [String]) -> [Double] {
        let own = Runs(of: text, wordOrder: wordOrder)
        precondition(!references.isEmpty, "a text without a reference")
        let all = references.map { own.counts(beside: Runs(of: $0, wordOrder: wordOrder)) }
        // The first of equals.
        return all.dropFirst().reduce(all[0]) { score($1) > score($0) ? $1 : $0 }
    }

    /// The mean precision and recall over kinds of runs that both have.
    package func score(_ sums: [Double]) -> Double {
        var (precision, recall, kinds) = (0.0, 0.0, 0.0)
        for start in stride(from: 0, to: sums.count, by: 3) where sums[start] > 0 && sums[start + 1] > 0 {
            precision += sums[start + 2] / sums[start]
            recall += sums[start + 2] / sums[start + 1]
            kinds += 1
        }
        guard precision + recall > 0 else { return 0 }
        (precision, recall) = (precision / kinds, recall / kinds)
        return 100 * (1 + Self.recallWeight) * precision * recall / (Self.recallWeight * precision + recall)
    }

    /// Runs of letters without white space, and of words from which marks at an end are taken off.
    private struct Runs {
        let letters: [[ArraySlice<Unicode.Scalar>: Int]]
        let words: [[ArraySlice<Scalars>: Int]]

        init(of text: String, wordOrder: Int) {
            let all = Scalars(text)
            let dense = all.filter { !$0.isPythonSpace }
            letters = (1...ChrF.letterOrder).map { dense.runs(of: $0) }
            let apart = all.words.flatMap(Self.parted)
            words = wordOrder > 0 ? (1...wordOrder).map { apart.runs(of: $0) } : []
        }

        /// One mark, at the end or else at the beginning, becomes a word.
        private static func parted(_ word: Scalars) -> [Scalars] {
            guard word.count > 1, let first = word.first, let last = word.last else { return [word] }
            if last.isASCIIPunctuation { return [Scalars(word.dropLast()), [last]] }
            if first.isASCIIPunctuation { return [[first], Scalars(word.dropFirst())] }
            return [word]
        }

        func counts(beside reference: Runs) -> [Double] {
            zip(letters, reference.letters).flatMap { Self.counts($0, $1) }
                + zip(words, reference.words).flatMap { Self.counts($0, $1) }
        }

        private static func counts<Run>(_ own: [Run: Int], _ reference: [Run: Int]) -> [Double] {
            let both = own.reduce(0) { $0 + min($1.value, reference[$1.key] ?? 0) }
            // What no reference can have counts against no text.
            let total = reference.isEmpty ? 0 : own.values.reduce(0, +)
            return [total, reference.values.reduce(0, +), both].map(Double.init)
        }
    }
}
