/// Terms of texts as numbers, as scikit-learn's TfidfVectorizer finds them: words of two letters or digits and more, in
/// small letters, and runs of them.
struct TermNumbers {
    /// How many words are in a term.
    let orders: ClosedRange<Int>
    private var words: [[UInt8]: Int32] = [:]
    /// Runs of two words and more by the number of what stands before the last word.
    private var runs: [Run: Int32] = [:]
    /// How many there are, those that only begin longer ones included.
    private(set) var count = 0

    private struct Run: Hashable {
        let beginning: Int32
        let word: Int32
    }

    init(orders: ClosedRange<Int>) {
        precondition(orders.lowerBound > 0, "terms of \(orders.lowerBound) words")
        self.orders = orders
    }

    /// The terms of a text, as often as they stand there; what was not known is from now on.
    mutating func learn(_ text: String) -> [Int32] {
        let numbers = Self.words(of: text).map { word -> Int32? in
            if let number = words[word] { return number }
            let number = next()
            words[word] = number
            return number
        }
        var terms = orders.contains(1) ? numbers.compactMap(\.self) : []
        var beginnings = numbers
        for length in 2..<max(2, orders.upperBound + 1) {
            beginnings = longer(beginnings, numbers, by: length - 1).map { run in
                run.map { run in
                    if let number = runs[run] { return number }
                    let number = next()
                    runs[run] = number
                    return number
                }
            }
            if orders.contains(length) { terms += beginnings.compactMap(\.self) }
        }
        return terms
    }

    /// The terms of a text that are known.
    func known(in text: String) -> [Int32] {
        let numbers = Self.words(of: text).map { words[$0] }
        var terms = orders.contains(1) ? numbers.compactMap(\.self) : []
        var beginnings = numbers
        for length in 2..<max(2, orders.upperBound + 1) {
            beginnings = longer(beginnings, numbers, by: length - 1).map { $0.flatMap { runs[$0] } }
            if orders.contains(length) { terms += beginnings.compactMap(\.self) }
        }
        return terms
    }

    private mutating func next() -> Int32 {
        count += 1
        return Int32(count - 1)
    }

    /// Each beginning with the word that follows it; nil where either is not known.
    private func longer(_ beginnings: [Int32?], _ words: [Int32?], by distance: Int) -> [Run?] {
        zip(beginnings, words.dropFirst(distance)).map { beginning, word in
            beginning.flatMap { beginning in word.map { Run(beginning: beginning, word: $0) } }
        }
    }

    /// Runs of two and more of what Python's `\w` matches, in small letters, as UTF-8.
    static func words(of text: String) -> [[UInt8]] {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return Scalars(text).lowercase.split { !$0.isPythonWord }.filter { $0.count > 1 }.map {
                Array(Scalars($0).string.utf8)
            }
        }
        var words: [[UInt8]] = []
        var word: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"):
                word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte + 32)
            default:
                if word.count > 1 { words.append(word) }
                word.removeAll(keepingCapacity: true)
            }
        }
        if word.count > 1 { words.append(word) }
        return words
    }
}
