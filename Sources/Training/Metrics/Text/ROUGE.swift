/// ROUGE (Lin 2004) as rouge-score counts it: the F1 of a text against its reference, the mean over texts.
///
/// Words are runs of ASCII letters and digits, in whatever letters; of several references the best counts.
package struct ROUGE: MeanTextMetric {
    package enum Kind: Sendable, Hashable {
        /// So many words in a row.
        case runs(Int)
        /// The longest common subsequence of the whole texts.
        case subsequence
        /// That of each sentence of the reference with all of the text: a line is a sentence.
        case summary
    }

    package let name: String
    package let title: String
    private let kind: Kind
    private let stems: Bool

    /// - `stems`: whether words count by their stems (Porter's), as rouge-score does it on request.
    package init(_ kind: Kind, stems: Bool = false) {
        (self.kind, self.stems) = (kind, stems)
        let ending =
            switch kind {
            case .runs(let length): "\(length)"
            case .subsequence: "L"
            case .summary: "Lsum"
            }
        name = "rouge\(ending)" + (stems ? "_stemmed" : "")
        title = "ROUGE-\(ending)" + (stems ? " by stems" : "")
    }

    package func worth(_ text: String, _ reference: String) -> Double { score(text, reference).f1 }

    struct Score: Hashable {
        var precision = 0.0
        var recall = 0.0

        var f1: Double {
            precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
        }
    }

    func score(_ text: String, _ reference: String) -> Score {
        switch kind {
        case .runs(let length):
            let (own, other) = (words(text).runs(of: length), words(reference).runs(of: length))
            let hits = own.reduce(0) { $0 + min($1.value, other[$1.key] ?? 0) }
            return Self.score(hits, own.values.reduce(0, +), other.values.reduce(0, +))
        case .subsequence:
            let (own, other) = (words(text), words(reference))
            return Self.score(CommonSubsequence(other, own).length, own.count, other.count)
        case .summary:
            return summaryScore(sentences(text), sentences(reference))
        }
    }

    private static func score(_ hits: Int, _ own: Int, _ other: Int) -> Score {
        Score(
            precision: Double(hits) / Double(max(own, 1)), recall: Double(hits) / Double(max(other, 1)))
    }

    /// No word counts more often than it stands in either text.
    private func summaryScore(_ own: [[Scalars]], _ other: [[Scalars]]) -> Score {
        func counts(_ sentences: [[Scalars]]) -> [Scalars: Int] {
            sentences.joined().reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        var (left, open) = (counts(own), counts(other))
        var hits = 0
        for sentence in other {
            let met = own.reduce(into: Set<Int>()) {
                $0.formUnion(CommonSubsequence(sentence, $1).places)
            }
            for word in met.sorted().map({ sentence[$0] }) where left[word, default: 0] > 0 {
                guard open[word, default: 0] > 0 else { continue }
                hits += 1
                left[word, default: 0] -= 1
                open[word, default: 0] -= 1
            }
        }
        return Self.score(hits, own.joined().count, other.joined().count)
    }

    private func sentences(_ text: String) -> [[Scalars]] {
        Scalars(text).split(separator: "\n").map { words(Scalars($0)) }
    }

    private func words(_ text: String) -> [Scalars] { words(Scalars(text)) }

    private func words(_ text: Scalars) -> [Scalars] {
        let found = text.lowercase.split { !$0.isASCIIDigit && !$0.isASCIILetter }.map(Scalars.init)
        // Words of up to three letters have no stem but themselves.
        return stems ? found.map { $0.count > 3 ? PorterStemmer.stem(of: $0) : $0 } : found
    }
}
