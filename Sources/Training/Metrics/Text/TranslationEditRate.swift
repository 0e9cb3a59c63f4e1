/// TER (Snover et al. 2006) as sacrebleu counts it: words to insert, delete, replace and shift until a text is the
/// reference, by the reference's words; lower is better. Words are what white space parts, in whatever letters.
package struct TranslationEditRate: TextMetric {
    package let name = "ter"
    package let title = "TER"
    package let isLowerBetter = true

    package init() {}

    /// The fewest edits to a reference, and the references' mean length.
    package func counts(_ text: String, references: [String]) -> [Double] {
        precondition(!references.isEmpty, "a text without a reference")
        var numbers: [Scalars: Int] = [:]
        func words(_ text: String) -> [Int] {
            Scalars(text).lowercase.words.map { word in
                let number = numbers[word] ?? numbers.count
                numbers[word] = number
                return number
            }
        }
        let own = words(text)
        let others = references.map(words)
        let edits = others.map { ShiftedEdits.count(from: own, to: $0) }.min() ?? 0
        return [Double(edits), Double(others.reduce(0) { $0 + $1.count }) / Double(others.count)]
    }

    package func score(_ sums: [Double]) -> Double {
        guard sums[1] > 0 else { return sums[0] > 0 ? 100 : 0 }
        return 100 * sums[0] / sums[1]
    }
}
