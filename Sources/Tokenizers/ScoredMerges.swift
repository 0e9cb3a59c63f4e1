/// SentencePiece's BPE has scores instead of a list of merges.
enum ScoredMerges {
    /// Every way to cut a token into two tokens, ranked by the token's score, the best first;
    /// equal scores have equal ranks, so that the leftmost pair merges first.
    static func table(
        _ vocabulary: Vocabulary, _ scores: [Double], mergeable: (Int32) -> Bool
    ) -> MergeTable {
        let order = (0..<Int32(scores.count)).filter(mergeable).sorted {
            let (a, b) = (scores[Int($0)], scores[Int($1)])
            return a.isNaN || b.isNaN ? b.isNaN && !a.isNaN : a > b
        }
        var list: [(left: Int32, right: Int32, rank: Int32, id: Int32)] = []
        var rank: Int32 = -1
        var last: Double?
        for id in order {
            if scores[Int(id)] != last { rank += 1 }
            last = scores[Int(id)]
            guard let bytes = vocabulary.bytes(of: id).map(Array.init) else { continue }
            // A cut within a long run of bytes costs the square of its length.
            guard bytes.count <= longest, vocabulary.id(of: bytes, 0..<bytes.count) == id else { continue }
            var cut = scalarWidth(bytes[0])
            while cut < bytes.count {
                if let left = vocabulary.id(of: bytes, 0..<cut),
                    let right = vocabulary.id(of: bytes, cut..<bytes.count)
                {
                    list.append((left, right, rank, id))
                }
                cut += scalarWidth(bytes[cut])
            }
        }
        return MergeTable(list)
    }

    private static let longest = 512
}
