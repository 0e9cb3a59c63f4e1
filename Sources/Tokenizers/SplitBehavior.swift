/// What becomes of a text's matches with a pattern where it is cut at them.
enum SplitBehavior: String, Sendable, CaseIterable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    struct Stretch {
        var range: Range<Int>
        let isMatch: Bool
    }

    /// The pieces of a text.
    ///
    /// - `stretches`: the whole text in order, each match by itself and what lies between two as one.
    /// - Source: `NormalizedString::split` of Hugging Face's tokenizers.
    func pieces(_ stretches: [Stretch]) -> [Range<Int>] {
        switch self {
        case .removed: return stretches.filter { !$0.isMatch }.map(\.range)
        case .isolated: return stretches.map(\.range)
        case .contiguous: return merged(stretches) { $0 == $1 }
        case .mergedWithPrevious: return merged(stretches) { before, isMatch in isMatch && !before }
        case .mergedWithNext:
            return merged(stretches.reversed()) { after, isMatch in isMatch && !after }.reversed()
        }
    }

    /// - `joins`: whether a stretch joins its neighbour, by whether the neighbour and it are matches.
    private func merged(_ stretches: [Stretch], _ joins: (Bool, Bool) -> Bool) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var wasMatch = false
        for stretch in stretches {
            if joins(wasMatch, stretch.isMatch), let last = pieces.popLast() {
                pieces.append(
                    min(
                        last.lowerBound, stretch.range.lowerBound)..<max(
                            last.upperBound, stretch.range.upperBound))
            } else {
                pieces.append(stretch.range)
            }
            wasMatch = stretch.isMatch
        }
        return pieces
    }
}

/// What a text is cut at.
enum SplitPattern: Sendable {
    case punctuation
    case text([UInt8])
    /// Expressions whose matches are the whole text.
    case gpt2
    case llama3(digits: Int)

    func stretches(_ text: [UInt8], _ range: Range<Int>) -> [SplitBehavior.Stretch] {
        var found: [SplitBehavior.Stretch] = []
        var done = range.lowerBound
        func match(_ match: Range<Int>) {
            if done < match.lowerBound { found.append(.init(range: done..<match.lowerBound, isMatch: false)) }
            found.append(.init(range: match, isMatch: true))
            done = match.upperBound
        }
        switch self {
        case .gpt2: splitLikeGPT2(text, range, match)
        case .llama3(let digits): splitLikeLLaMA3(text, range, digits: digits, match)
        case .punctuation:
            var index = range.lowerBound
            while index < range.upperBound {
                let (value, width) = scalar(text, at: index)
                if CharacterClass(of: value).contains(.punctuation) { match(index..<index + width) }
                index += width
            }
        case .text(let pattern):
            var index = range.lowerBound
            while !pattern.isEmpty, index + pattern.count <= range.upperBound {
                if text[index...].starts(with: pattern) {
                    match(index..<index + pattern.count)
                    index += pattern.count
                } else {
                    index += 1
                }
            }
        }
        if done < range.upperBound {
            found.append(.init(range: done..<range.upperBound, isMatch: false))
        }
        return found
    }
}
