import Compute
import Diagnostics
import Learning
import Models

/// The tokens that all rows begin with, such as a prompt template's opening, and the keys and
/// values that a decoder computes from them: once, instead of once a row.
///
/// Attention sums over the beginning and over the rest apart, so that scores differ in their last bits from those
/// of the same row computed whole; the same rows together always get the same.
struct CommonPrefix {
    let length: Int
    let cache: PrefixCache?

    /// - `rows`: all that will be read; a beginning shorter than 8 tokens is not worth it.
    /// - `readout`: says from which token on it reads hidden states; those stay outside.
    init(
        of rows: [Row], for readout: Readout, model: any LanguageModel, under tuning: Tuning?,
        interruption: Interruption
    ) throws {
        let shared =
            model.isCausal && rows.count > 1
            ? Self.sharedLength(rows, for: readout, ends: tuning?.endCount ?? 0) : 0
        guard shared >= 8 else {
            (length, cache) = (0, nil)
            return
        }
        // Where its prompt ends is not where this beginning does.
        let beginning = Row(
            ids: Array(rows[0].ids[..<shared]), identity: 0, promptCount: rows[0].promptCount)
        let layout = Layout([beginning], under: tuning)
        let filling = PrefixCache()
        let pass = Pass(layout, under: tuning, interruption: interruption)
        pass.prefix = filling
        _ = try model.hiddenStates(Tokens([beginning]), pass)
        filling.finishFilling()
        (length, cache) = (shared, filling)
    }

    func removed(from rows: [Row]) -> [Row] { rows.map { $0.without(first: length) } }

    /// At least one token of every row stays outside, every one that is read, and every one that a tuning counts
    /// from the prompt's end.
    static func sharedLength(_ rows: [Row], for readout: Readout, ends: Int) -> Int {
        let first = rows[0].ids
        return rows.reduce(first.count) { shared, row in
            let limit = max(
                0, min(shared, row.ids.count - 1, readout.firstRead(of: row), row.promptCount - ends))
            return (0..<limit).first { row.ids[$0] != first[$0] } ?? limit
        }
    }
}
