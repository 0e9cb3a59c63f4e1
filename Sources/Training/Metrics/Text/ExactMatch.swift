/// The share of texts that are their reference, to the letter or as SQuAD compares answers (Rajpurkar et al. 2016): in
/// whatever letters, without ASCII's punctuation, without a, an and the, however many spaces lie between.
package struct ExactMatch: MeanTextMetric {
    package let name: String
    package let title: String
    private let isStrict: Bool

    package init(isStrict: Bool = false) {
        self.isStrict = isStrict
        (name, title) =
            isStrict ? ("exact_match_strict", "exact match to the letter") : ("exact_match", "exact match")
    }

    package func worth(_ text: String, _ reference: String) -> Double {
        let isMatch =
            isStrict
            ? Scalars(text) == Scalars(reference) : Self.plain(text) == Self.plain(reference)
        return isMatch ? 1 : 0
    }

    private static let articles = Set(["a", "an", "the"].map { Scalars($0) })

    /// The words that are compared.
    static func plain(_ text: String) -> [Scalars] {
        let bare = Scalars(text).lowercase.filter { !$0.isASCIIPunctuation }
        var kept: Scalars = []
        var word: Scalars = []
        func end() {
            kept += articles.contains(word) ? [" "] : word
            word = []
        }
        for scalar in bare {
            if scalar.isPythonWord {
                word.append(scalar)
            } else {
                end()
                kept.append(scalar)
            }
        }
        end()
        return kept.words
    }
}
