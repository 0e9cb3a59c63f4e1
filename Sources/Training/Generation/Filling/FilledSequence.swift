import Foundation
import Learning
import System
import Tokenizers

/// One text that an encoder fills in: a prompt, and after it masks that become words.
struct FilledSequence: Sendable {
    let prompt, sample: Int
    let promptTokens: [Int32]
    private let settings: GenerationSettings
    private let filling: FillingSettings
    private let ends: TextEnds
    private let mask: Int32
    /// What stands after the text.
    private let after: [Int32]
    /// Tokens that are never written.
    private let unwritten: Set<Int32>
    private var stream: TextStream
    private let tokenizer: any Tokenizer
    /// Of each place, what stands there; nil for a mask.
    private var places: [Int32?]
    private let fullEnding: WrittenText.Ending
    /// Tokens that were chosen so far, those of further rounds among them.
    private(set) var chosenCount = 0
    /// Places that further rounds have come to.
    private var revised = 0
    /// Why the text is shorter than its masks were; nil where it is not.
    private var cause: WrittenText.Ending?
    private(set) var ending: WrittenText.Ending?

    init(_ prompt: (number: Int, tokens: [Int32]), sample: Int, of writer: MaskWriter) {
        (self.prompt, promptTokens, self.sample) = (prompt.number, prompt.tokens, sample)
        (settings, filling, ends) = (writer.settings, writer.filling, writer.ends)
        (mask, after, unwritten) = (writer.mask, writer.after, writer.unwritten)
        tokenizer = writer.tokenizer
        let room = writer.room - prompt.tokens.count - after.count
        places = Array(repeating: nil, count: min(settings.maxTokens, room))
        fullEnding = room < settings.maxTokens ? .context : .maxTokens
        stream = TextStream(after: prompt.tokens, tokenizer: tokenizer, stops: writer.ends.stops)
    }

    /// Whether words come in the order of the text, and stay.
    private var isStreamed: Bool { filling.order == .left && filling.rounds == 0 }

    /// What the next pass reads.
    var row: Row {
        var ids = promptTokens + places.map { $0 ?? mask }
        if isRevising { ids[promptTokens.count + revised % places.count] = mask }
        return Row(ids: ids + after, identity: 0)
    }

    private var isRevising: Bool { !places.isEmpty && places.allSatisfy { $0 != nil } }

    /// The places of that row whose logits are wanted: one of them is chosen for.
    var wanted: [Int] {
        let first = promptTokens.count
        if isRevising { return [first + revised % places.count] }
        let open = places.indices.filter { places[$0] == nil }
        return (filling.order == .left ? Array(open.prefix(1)) : open).map { first + $0 }
    }

    /// The place to be filled in, by its number among those that were wanted, and the token.
    ///
    /// - `logits`: of each of them, of the whole vocabulary.
    func chosen(from logits: [[Float]]) -> (number: Int, token: Int32) {
        let there = promptTokens + places.compactMap(\.self)
        let allowed = logits.map { row -> [Float] in
            var row = settings.penalised(row, after: there)
            for token in unwritten where row.indices.contains(Int(token)) { row[Int(token)] = -.infinity }
            return row
        }
        let chances = allowed.count == 1 ? [0] : allowed.map(Self.likelihood)
        let number = chances.indices.max { (chances[$0], $1) < (chances[$1], $0) } ?? 0
        let own = allowed[number]
        guard let sampling = settings.sampling else {
            return (number, Int32(own.indices.max { (own[$0], $1) < (own[$1], $0) } ?? 0))
        }
        // Which number is drawn nothing decides but the seed, the text and how many were drawn before.
        let draws = CounterRandom(seed: settings.seed, purpose: "generate.\(sample)", step: prompt)
        let place = Double(draws[UInt64(chosenCount)] >> 11) * 0x1p-53
        return (number, Int32(TokenChoice(own, by: sampling).token(at: place)))
    }

    /// log p of the likeliest token.
    private static func likelihood(_ logits: [Float]) -> Double {
        let top = logits.max() ?? 0
        return -log(logits.reduce(0) { $0 + Double(exp($1 - top)) })
    }

    /// Fills a place in, which may end the text.
    mutating func fill(_ number: Int, with token: Int32) -> WritingProgress {
        let place = wanted[number] - promptTokens.count
        let wasRevising = isRevising
        chosenCount += 1
        var text = ""
        if !settings.ignoresEnds, ends.tokens.contains(token) {
            // What would follow the end is no part of the text.
            places.removeSubrange(place...)
            cause = ends.stopTokens.contains(token) ? .stop : .end
        } else {
            places[place] = token
            if isStreamed { text = stream.add(token) }
        }
        if wasRevising { revised += 1 }
        let isFull = places.allSatisfy { $0 != nil }
        if stream.isStopped || isFull && revised >= filling.rounds * places.count {
            text += finished()
        }
        return WritingProgress(
            prompt: prompt, sample: sample, text: text, tokens: places.count { $0 != nil }, ending: ending)
    }

    /// The rest of the text, once its words stand.
    private mutating func finished() -> String {
        var text = ""
        if isStreamed {
            places.removeAll { $0 == nil }
        } else {
            var count = 0
            while count < places.count, !stream.isStopped, let token = places[count] {
                text += stream.add(token)
                count += 1
            }
            places.removeSubrange(count...)
        }
        text += stream.finish()
        ending = stream.isStopped ? .stop : cause ?? fullEnding
        return text
    }

    var written: WrittenText {
        WrittenText(
            prompt: prompt, sample: sample, text: stream.text, tokens: places.compactMap(\.self),
            ending: ending ?? fullEnding)
    }
}
