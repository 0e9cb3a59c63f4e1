/// The longest run of words, perhaps with others between them, that two texts have in common.
struct CommonSubsequence {
    private let reference: [Scalars]
    private let words: [Scalars]
    /// Its length for each pair of beginnings.
    private let lengths: [[Int]]

    init(_ reference: [Scalars], _ words: [Scalars]) {
        (self.reference, self.words) = (reference, words)
        var lengths = [[Int](repeating: 0, count: words.count + 1)]
        lengths.reserveCapacity(reference.count + 1)
        for known in reference {
            let above = lengths[lengths.count - 1]
            var row = [Int](repeating: 0, count: words.count + 1)
            for place in words.indices {
                row[place + 1] = known == words[place] ? above[place] + 1 : max(above[place + 1], row[place])
            }
            lengths.append(row)
        }
        self.lengths = lengths
    }

    var length: Int { lengths[reference.count][words.count] }

    /// Where in the reference it stands; of several the one that rouge-score finds, from the end.
    var places: [Int] {
        var (i, j) = (reference.count, words.count)
        var places: [Int] = []
        while i > 0, j > 0 {
            if reference[i - 1] == words[j - 1] {
                places.append(i - 1)
                (i, j) = (i - 1, j - 1)
            } else if lengths[i][j - 1] > lengths[i - 1][j] {
                j -= 1
            } else {
                i -= 1
            }
        }
        return places.reversed()
    }
}
