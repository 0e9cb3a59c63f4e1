import System

/// `load toy`: made-up sentences with a rule that can be learned, and nothing to download.
///
/// A sentence is positive when its adjective is a pleasant one.
struct ToySentences: DatasetSource {
    let name = "toy"
    let summary = "1,000 made-up sentences, positive or negative by their adjective; no download"
    let takesPath = false

    private static let openers = [
        "", "today ", "honestly ", "we thought ", "they say ", "once more ", "in the end ",
    ]
    private static let nouns = [
        "soup", "garden", "train", "song", "window", "teacher", "river", "story", "coat", "bread", "market",
        "lamp", "bridge", "painter", "kitchen", "parcel",
    ]
    private static let verbs = ["was", "seemed", "felt", "looked", "turned out"]
    private static let adjectives = [
        ["awful", "bleak", "broken", "dull", "filthy", "gloomy", "rotten", "sour"],
        ["bright", "charming", "cheerful", "delightful", "lovely", "splendid", "superb", "warm"],
    ]
    private static let endings = ["", " again", " to me", " this week", " as always", " from the start"]

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        let wanted = Split.allCases.reduce(0) { sum, split in
            if case .count(let count)? = request[split] { sum + max(0, min(count, 100_000)) } else { sum }
        }
        var rows = Rows(
            columns: ["text", "label"], values: Self.sentences(count: max(1000, wanted)),
            source: "made by Lorikeet")
        rows.roles = Rows.Roles(text: "text", label: "label", labels: ["negative", "positive"])
        rows.notes = ["made-up sentences: a sentence is positive when its adjective is a pleasant one"]
        return rows
    }

    /// Distinct sentences, the same ones for every seed: the first so many of one endless row.
    private static func sentences(count: Int) -> [[String]] {
        let random = CounterRandom(drawing: "toy", seed: 0)
        let possible = openers.count * nouns.count * verbs.count * 16 * endings.count
        var seen: Set<String> = []
        var sentences: [[String]] = []
        var position = 0
        while sentences.count < min(count, possible / 2) {
            func pick(_ words: [String]) -> String {
                position += 1
                return words[random.index(position, below: words.count)]
            }
            let isPositive = sentences.count.isMultiple(of: 2)
            let text =
                "\(pick(openers))the \(pick(nouns)) \(pick(verbs)) \(pick(adjectives[isPositive ? 1 : 0]))\(pick(endings))"
            if seen.insert(text).inserted { sentences.append([text, isPositive ? "positive" : "negative"]) }
        }
        return sentences
    }
}
