import Datasets
import Display
import JSON
import Tokenizers
import Training

/// An example as a model reads it, token by token: what is read, what is learned, what did not fit.
struct ReadRow {
    enum State: String, Hashable { case read, learned, cut }

    struct Token: Hashable {
        let id: Int32
        let text: String
        let state: State
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
        let places = isPooled ? [] : Set(row.learned.map { $0.place + 1 })
        let read = Self.texts(of: row.ids, by: tokenizer).enumerated().map { place, text in
            Token(id: row.ids[place], text: text, state: places.contains(place) ? .learned : .read)
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

    var learnedCount: Int { tokens.count { $0.state == .learned } }
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
                tokens.map {
                    [
                        "id": .integer(Int($0.id)), "text": .string($0.text),
                        "state": .string($0.state.rawValue),
                    ]
                }),
        ]
        value["answer"] = answer.map { .string($0) }
        return .object(value)
    }
}
