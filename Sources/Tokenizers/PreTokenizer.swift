/// One step that cuts text into the pieces in which the model works; nothing crosses a cut.
enum PreTokenizer: Sendable {
    /// Words at white space, which is dropped, and every punctuation mark by itself.
    case bert
    /// Every digit by itself.
    case singleDigits
    /// Runs of digits.
    case digitRuns
    /// White space dropped.
    case whitespace
    case split(SplitPattern, SplitBehavior, inverted: Bool)
    /// Before every `▁`.
    case metaspace
    case gpt2
    /// LLaMA 3's expression; digits in groups of at most so many (Qwen: 1).
    case llama3(digits: Int)

    /// Cuts `range` of the text by the steps in turn and calls `body` with each piece.
    static func split(
        _ text: [UInt8], _ range: Range<Int>, by steps: ArraySlice<PreTokenizer>,
        _ body: (Range<Int>) -> Void
    ) {
        guard let step = steps.first else {
            if !range.isEmpty { body(range) }
            return
        }
        let rest = steps.dropFirst()
        guard !rest.isEmpty else { return step.split(text, range, body) }
        step.split(text, range) { PreTokenizer.split(text, $0, by: rest, body) }
    }

    private func split(_ text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        switch self {
        case .bert: isolate(text, range, .punctuation, dropping: .space, body)
        case .split(let pattern, let behavior, let inverted):
            let stretches = pattern.stretches(text, range).map {
                SplitBehavior.Stretch(range: $0.range, isMatch: $0.isMatch != inverted)
            }
            behavior.pieces(stretches).forEach(body)
        case .singleDigits: isolate(text, range, .number, dropping: [], body)
        case .whitespace: isolate(text, range, [], dropping: .space, body)
        case .digitRuns: splitDigitRuns(text, range, body)
        case .metaspace: splitMetaspace(text, range, body)
        case .gpt2: splitLikeGPT2(text, range, body)
        case .llama3(let digits): splitLikeLLaMA3(text, range, digits: digits, body)
        }
    }

    /// Each character of the class `alone` is a piece, those of `dropping` only part pieces.
    private func isolate(
        _ text: [UInt8], _ range: Range<Int>, _ alone: CharacterClass, dropping: CharacterClass,
        _ body: (Range<Int>) -> Void
    ) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let (value, width) = scalar(text, at: index)
            let character = CharacterClass(of: value)
            let isDropped = !character.isDisjoint(with: dropping)
            if isDropped || !character.isDisjoint(with: alone) {
                if start < index { body(start..<index) }
                if !isDropped { body(index..<index + width) }
                start = index + width
            }
            index += width
        }
        if start < index { body(start..<index) }
    }

    private func splitDigitRuns(_ text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var index = start
        var inDigits = false
        while index < range.upperBound {
            let (value, width) = scalar(text, at: index)
            let isDigit = CharacterClass(of: value).contains(.number)
            if isDigit != inDigits, start < index {
                body(start..<index)
                start = index
            }
            inDigits = isDigit
            index += width
        }
        if start < index { body(start..<index) }
    }

    private func splitMetaspace(_ text: [UInt8], _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let (value, width) = scalar(text, at: index)
            if value == 0x2581, start < index {
                body(start..<index)
                start = index
            }
            index += width
        }
        if start < index { body(start..<index) }
    }
}
