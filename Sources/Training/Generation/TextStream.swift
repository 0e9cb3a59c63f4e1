import Tokenizers

/// Tokens that become text as they come: whole characters, and nothing that may yet turn out to be a stop string.
package struct TextStream: Sendable {
    private let tokenizer: any Tokenizer
    private let stops: [[UInt8]]
    /// The last tokens, of which the first `read` have become text.
    private var window: [Int32]
    private var read: Int
    /// All text so far, in UTF-8.
    private var bytes: [UInt8] = []
    /// How much of it has been handed out.
    private var told = 0
    /// Whether a stop string has come; the text ends before it.
    package private(set) var isStopped = false

    /// Tokens of the prompt by which the first ones after it are read: whether a space stands before a word.
    private static let context = 8
    /// Tokens that wait for the rest of a character, at most: it has four bytes.
    private static let longestWait = 8
    private static let replacement = Array("\u{FFFD}".utf8)

    /// - `prompt`: what the text goes on from; it is no part of it.
    /// - `stops`: none of them empty.
    package init(after prompt: [Int32], tokenizer: any Tokenizer, stops: [String] = []) {
        self.tokenizer = tokenizer
        self.stops = stops.map { Array($0.utf8) }
        window = Array(prompt.suffix(Self.context))
        read = window.count
    }

    /// The text so far, with what is held back.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Takes the next token.
    ///
    /// - Returns: what may be shown now, after what was handed out before.
    package mutating func add(_ token: Int32) -> String {
        window.append(token)
        return take(isLast: false)
    }

    /// The rest, once no token comes any more: also half a character, and the beginning of a stop string.
    package mutating func finish() -> String { isStopped ? handOut(upTo: bytes.count) : take(isLast: true) }

    private mutating func take(isLast: Bool) -> String {
        let known = spelled(window[..<read])
        let whole = spelled(window[...])
        let isHalf = whole.suffix(Self.replacement.count).elementsEqual(Self.replacement)
        if !isHalf || isLast || window.count - read > Self.longestWait {
            let shared = zip(known, whole).prefix { $0 == $1 }.count
            let before = bytes.count
            bytes += whole[shared...]
            window.removeFirst(read)
            read = window.count
            look(from: before)
        }
        return handOut(upTo: bytes.count - (isLast || isStopped ? 0 : heldBack))
    }

    private func spelled(_ tokens: ArraySlice<Int32>) -> [UInt8] {
        Array(tokenizer.decode(Array(tokens), skippingSpecialTokens: true).utf8)
    }

    /// Ends the text before the first stop string that ends in what is new.
    private mutating func look(from new: Int) {
        let found = stops.compactMap { stop -> Int? in
            let first = max(0, new - stop.count + 1)
            guard bytes.count - stop.count >= first else { return nil }
            return (first...bytes.count - stop.count).first { bytes[$0...].starts(with: stop) }
        }.min()
        guard let found else { return }
        bytes.removeSubrange(found...)
        isStopped = true
    }

    /// Bytes at the end that a stop string may begin with.
    private var heldBack: Int {
        stops.map { stop in
            (1..<max(1, stop.count)).last { bytes.suffix($0).elementsEqual(stop[..<$0]) } ?? 0
        }.max() ?? 0
    }

    private mutating func handOut(upTo end: Int) -> String {
        guard end > told else { return "" }
        defer { told = end }
        return String(decoding: bytes[told..<end], as: UTF8.self)
    }
}
