import Compute
import Diagnostics
import Foundation
import Learning
import Models
import Tokenizers

/// The words that an encoder holds for likeliest at each mask of a text, each seen beside the other masks.
package struct FilledMasks: Sendable, Hashable {
    package struct Word: Sendable, Hashable {
        package let token: Int32
        /// As the vocabulary has it, without white space around it.
        package let text: String
        package let probability: Double
    }

    package let text: String
    /// The likeliest words of each mask, in the order of the text.
    package let masks: [[Word]]
    /// The text with the likeliest word at each mask.
    package let filled: String

    /// - `texts`: with the mask written out, `[MASK]`; the white space beside it is no part of them.
    /// - `count`: words of each mask.
    /// - Throws: `no-mask` for a text without one, `too-long`, `not-finite`; see `Tokenizer.requiredMask`.
    package static func all(
        in texts: [String], by model: any LanguageModel, under tuning: Tuning?, tokenizer: any Tokenizer,
        count: Int = 5, interruption: Interruption
    ) throws -> [FilledMasks] {
        let mask = try tokenizer.requiredMask(for: model)
        let name = Self.name(of: mask, by: tokenizer)
        let rows = try texts.map { text -> Row in
            let pieces = text.split(separator: name, omittingEmptySubsequences: false).map {
                TextPiece.words($0.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            let run = pieces.flatMap { [TextPiece.token(mask), $0] }.dropFirst()
            let around = tokenizer.template.around
            let ids = around.before + tokenizer.encode(runs: [Array(run)])[0] + around.after
            guard pieces.count > 1 else {
                throw Diagnostic(
                    "no-mask",
                    "“\(String(text.prefix(60)).forMessages)” has no \(name) that could be filled in",
                    hint: "write \(name) where a word is to be found")
            }
            let room = model.room(under: tuning)
            guard ids.count <= room else {
                throw Diagnostic(
                    "too-long",
                    "a text of \(ids.count.grouped) tokens is longer than the \(room.grouped) that the model can read",
                    hint: "take a shorter one")
            }
            return Row(ids: ids, identity: 0)
        }
        try tuning?.prepare(over: model)
        return try zip(texts, rows).map { text, row in
            try interruption.check()
            let places = row.ids.indices.filter { row.ids[$0] == mask }
            let pass = Pass(Layout([row], under: tuning), under: tuning, interruption: interruption)
            let h = try model.hiddenStates(Tokens([row]), pass)
            let logits = try model.vocabularyLogits(
                pass.gather(h, rows: places.map { pass.layout.row(of: $0, in: 0) }), pass)
            guard logits.isFinite else { throw try model.noNumbers(under: tuning) }
            let masks = places.indices.map {
                words(logits.values(ofRow: $0), count: count, tokenizer: tokenizer)
            }
            var ids = row.ids
            for (place, words) in zip(places, masks) { ids[place] = words.first?.token ?? mask }
            return FilledMasks(
                text: text, masks: masks, filled: tokenizer.decode(ids, skippingSpecialTokens: true))
        }
    }

    /// How a mask is written out.
    package static func name(of mask: Int32, by tokenizer: any Tokenizer) -> String {
        tokenizer.token(of: mask) ?? "[MASK]"
    }

    private static func words(_ logits: [Float], count: Int, tokenizer: any Tokenizer) -> [Word] {
        let shares = logSoftmax(logits)
        // Equal ones in the order of the vocabulary.
        return shares.indices.sorted { (shares[$1], $0) < (shares[$0], $1) }.prefix(count).map { index in
            let token = Int32(index)
            let text =
                tokenizer.token(of: token) ?? tokenizer.decode([token], skippingSpecialTokens: false)
            return Word(
                token: token, text: text.trimmingCharacters(in: .whitespacesAndNewlines),
                probability: Double(exp(shares[index])))
        }
    }
}
