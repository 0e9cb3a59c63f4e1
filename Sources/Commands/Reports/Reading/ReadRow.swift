import Datasets
import Display
import JSON
import Tokenizers
import Training

/// An example as a model reads it, token by token: what is read, what is learned, what did not fit.
struct ReadRow {
    enum State: String, Hashable {
        case read, learned
        /// To be filled in, where the mask, another word or the word itself is read.
        case masked, swapped, kept
        case cut

        /// Whether something is learned there.
        var isLearned: Bool { [.learned, .masked, .swapped, .kept].contains(self) }
    }

    struct Token: Hashable {
        let id: Int32
        /// What was written there.
        let text: String
        let state: State
        /// What the model reads in its place, where that is something else.
        var reads: String?
    }

    /// The row in the source.
    let number: Int
    let tokens: [Token]
    /// What is learned of the row as a whole; nil where tokens are learned.
    let answer: String?
    /// Tokens that did not fit; where it is known which, `tokens` end with them.
    let cutCount: Int

    /// - `row`: one of the example's rows.
    init(
        _ example: Example, _ encoded: EncodedExample, row: Row, task: any LearningTask,
        tokenizer: any Tokenizer
    ) {
        number = example.id
        cutCount = encoded.cut
        let isPooled = task.head != nil
        let read: [Token]
        if task.fillsMasks {
            read = Self.masked(row, by: tokenizer)
        } else {
            let places = isPooled ? [] : Set(row.learned.map { $0.place + 1 })
            read = Self.texts(of: row.ids, by: tokenizer).enumerated().map { place, text in
                Token(id: row.ids[place], text: text, state: places.contains(place) ? .learned : .read)
            }
        }
        let lost = Self.lost(of: example, cut: encoded.cut, by: tokenizer)
        let tail = zip(lost, Self.texts(of: lost, by: tokenizer)).map { Token(id: $0, text: $1, state: .cut) }
        tokens = read + tail
        guard isPooled else {
            answer = nil
            return
        }
        answer =
            example.label.flatMap { task.labels.indices.contains($0) ? task.labels[$0] : nil }
            ?? encoded.truth?.value.map { NumberStyle.automatic.text(Double($0)) }
    }

    /// The words of a row of which some are to be filled in.
    private static func masked(_ row: Row, by tokenizer: any Tokenizer) -> [Token] {
        var (written, states) = (row.ids, row.ids.map { _ in State.read })
        for learned in row.learned {
            guard let label = learned.target?.label else { continue }
            let (place, id) = (learned.place, Int32(label))
            let isMask = row.ids[place] == tokenizer.special.mask
            states[place] = isMask ? .masked : row.ids[place] == id ? .kept : .swapped
            written[place] = id
        }
        return texts(of: written, by: tokenizer).enumerated().map { place, text in
            let reads = tokenizer.decode([row.ids[place]], skippingSpecialTokens: false)
            return Token(
                id: written[place], text: text, state: states[place],
                reads: [.masked, .swapped].contains(states[place]) ? reads : nil)
        }
    }

    /// The end that a text lost; nothing where it is a passage before it, one of several texts, or turns, that were made
    /// shorter.
    private static func lost(
        of example: Example, cut: Int, by tokenizer: any Tokenizer
    ) -> [Int32] {
        guard cut > 0, example.pair == nil, example.context == nil, example.turns.isEmpty else { return [] }
        let ids = tokenizer.encode(example.text, addingSpecialTokens: false)
        return Array(tokenizer.truncationSide == .left ? ids.prefix(cut) : ids.suffix(cut))
    }

    /// Each token as it reads; what is only part of a letter goes to the token that completes it.
    private static func texts(of ids: [Int32], by tokenizer: any Tokenizer) -> [String] {
        var texts: [String] = []
        var (pending, before): ([Int32], [Int32]) = ([], [])
        for id in ids {
            pending.append(id)
            // After another token, since a decoder takes the space before a first word away.
            let known = tokenizer.decode(before, skippingSpecialTokens: false)
            let whole = tokenizer.decode(before + pending, skippingSpecialTokens: false)
            let text = whole.hasPrefix(known) ? String(whole.dropFirst(known.count)) : whole
            if text.contains("\u{FFFD}"), pending.count < 4 {
                texts.append("")
                continue
            }
            texts.append(text)
            (before, pending) = ([id], [])
        }
        return texts
    }

    var learnedCount: Int { tokens.count { $0.state.isLearned } }
    var readCount: Int { tokens.count { $0.state != .cut } }

    /// Tokens next to each other that are in one state.
    var runs: [(state: State, text: String)] {
        tokens.reduce(into: []) { runs, token in
            if runs.last?.state == token.state {
                runs[runs.count - 1].text += token.text
            } else {
                runs.append((token.state, token.text))
            }
        }
    }

    var json: JSON {
        var value: JSONObject = [
            "row": .integer(number), "cut": .integer(cutCount),
            "tokens": .array(
                tokens.map { token in
                    var value: JSONObject = [
                        "id": .integer(Int(token.id)), "text": .string(token.text),
                        "state": .string(token.state.rawValue),
                    ]
                    value["reads"] = token.reads.map { .string($0) }
                    return .object(value)
                }),
        ]
        value["answer"] = answer.map { .string($0) }
        return .object(value)
    }
}
