/// The edits of TER: blocks of words are shifted as long as that saves more than it costs, greedily, by the rules and
/// limits of Tercom as sacrebleu has them; what is left is an edit distance.
enum ShiftedEdits {
    private static let longestShift = 10
    private static let farthestShift = 50
    /// Shifts that are tried for one text.
    private static let mostTried = 1000

    static func count(from words: [Int], to reference: [Int]) -> Int {
        guard !reference.isEmpty else { return words.count }
        var distance = BeamEditDistance(from: words, to: reference)
        var (shifts, tried) = (0, 0)
        while let best = bestShift(distance, &tried), tried < mostTried, best.gain > 0 {
            shifts += 1
            distance = BeamEditDistance(from: best.words, to: reference)
        }
        return shifts + distance.cost
    }

    /// A shift, in the order of preference: the one that saves most, the longest, from the earliest place, to the earliest.
    private struct Shift {
        let gain: Int
        let length: Int
        let start: Int
        let target: Int
        let words: [Int]

        func isBetter(than other: Shift) -> Bool {
            (gain, length, -start, -target) > (other.gain, other.length, -other.start, -other.target)
        }
    }

    private static func bestShift(_ distance: BeamEditDistance, _ tried: inout Int) -> Shift? {
        let alignment = distance.alignment
        var best: Shift?
        for block in blocks(distance.words, distance.reference) {
            let (own, other) = (
                block.start..<block.start + block.length, block.place..<block.place + block.length
            )
            // Both the text must be wrong here and the reference unmet there.
            guard alignment.isWrong[own].contains(true), alignment.isUnmet[other].contains(true),
                !own.contains(alignment.places[block.place])
            else { continue }
            var last = -1
            for offset in -1..<block.length {
                let place = block.place + offset
                guard place < alignment.places.count else { break }
                let target = place < 0 ? 0 : alignment.places[place] + 1
                guard target != last else { continue }
                last = target
                let words = shifted(distance.words, own, to: target)
                let shift = Shift(
                    gain: distance.cost - distance.cost(of: words), length: block.length,
                    start: block.start, target: target, words: words)
                tried += 1
                if best.map(shift.isBetter) ?? true { best = shift }
            }
            if tried >= mostTried { break }
        }
        return best
    }

    /// Blocks of words that stand in both: where in the text, where in the reference, how many.
    private static func blocks(
        _ words: [Int], _ reference: [Int]
    ) -> [(start: Int, place: Int, length: Int)] {
        var blocks: [(start: Int, place: Int, length: Int)] = []
        for start in words.indices {
            let first = max(0, start - farthestShift)
            for place in first..<max(first, min(reference.count, start + farthestShift + 1)) {
                for length in 1...min(longestShift, words.count - start, reference.count - place) {
                    guard words[start + length - 1] == reference[place + length - 1] else { break }
                    blocks.append((start, place, length))
                }
            }
        }
        return blocks
    }

    /// - `target`: before which word of the text; one inside the block moves it on by as many words.
    private static func shifted(_ words: [Int], _ block: Range<Int>, to target: Int) -> [Int] {
        var rest = words
        rest.removeSubrange(block)
        let place: Int
        if target < block.lowerBound {
            place = target
        } else if target > block.upperBound {
            place = target - block.count
        } else {
            place = min(rest.count, target)
        }
        rest.insert(contentsOf: words[block], at: place)
        return rest
    }
}
