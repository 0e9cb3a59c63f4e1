import Foundation

/// Which passages speak of what a text asks: Okapi BM25 (Robertson et al. 1994) with k1 = 1.5 and b = 0.75.
///
/// For each word of the query, as often as it stands there, a passage scores
/// `idf · f · (k1 + 1) / (f + k1 · (1 - b + b · length / mean length))`, where `f` counts the word in it and
/// `idf = log(N - n + ½) - log(n + ½)`, of N passages n having the word. Where that is negative, which is in more than
/// half of them, it is a quarter of the mean over all words: rank_bm25's BM25Okapi, whose scores these are.
struct BM25: Sendable {
    private struct Place: Sendable {
        let passage: Int
        let count: Int
    }

    private let places: [String: [Place]]
    private let weights: [String: Double]
    private let lengths: [Int]
    private let meanLength: Double

    private static let (k1, b, floor) = (1.5, 0.75, 0.25)

    /// - `passages`: the words of each.
    init(_ passages: [[String]]) {
        var places: [String: [Place]] = [:]
        // Words in the order in which they are first met, so that the mean is the same sum everywhere.
        var words: [String] = []
        for (index, passage) in passages.enumerated() {
            var counts: [String: Int] = [:]
            var order: [String] = []
            for word in passage {
                if counts[word] == nil { order.append(word) }
                counts[word, default: 0] += 1
            }
            for word in order {
                if places[word] == nil { words.append(word) }
                places[word, default: []].append(Place(passage: index, count: counts[word] ?? 0))
            }
        }
        lengths = passages.map(\.count)
        meanLength = passages.isEmpty ? 0 : Double(lengths.reduce(0, +)) / Double(passages.count)
        weights = Self.weights(of: words, in: places, passages.count)
        self.places = places
    }

    private static func weights(
        of words: [String], in places: [String: [Place]], _ count: Int
    ) -> [String: Double] {
        var weights: [String: Double] = [:]
        var sum = 0.0
        for word in words {
            let having = Double(places[word]?.count ?? 0)
            let weight = log(Double(count) - having + 0.5) - log(having + 0.5)
            weights[word] = weight
            sum += weight
        }
        guard !words.isEmpty else { return [:] }
        let least = floor * (sum / Double(words.count))
        return weights.mapValues { $0 < 0 ? least : $0 }
    }

    /// One score a passage.
    func scores(_ query: [String]) -> [Double] {
        var scores = [Double](repeating: 0, count: lengths.count)
        for word in query {
            guard let weight = weights[word] else { continue }
            for place in places[word] ?? [] {
                let frequency = Double(place.count)
                let length = Double(lengths[place.passage]) / meanLength
                let damping = Self.k1 * (1 - Self.b + Self.b * length)
                scores[place.passage] += weight * (frequency * (Self.k1 + 1) / (frequency + damping))
            }
        }
        return scores
    }

    /// The best passages, the best first, of equal ones the first; none that shares no word with the query.
    func best(_ count: Int, for query: [String]) -> [Int] {
        let scores = scores(query)
        let shared = Set(query.flatMap { places[$0]?.map(\.passage) ?? [] })
        return Array(shared.sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(count))
    }

    /// Runs of letters and digits, in small letters.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
