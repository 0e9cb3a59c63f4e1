import Compute
import Diagnostics
import Learning
import Models
import Training

/// A few rows whose logits tell whether two models are the same.
package struct LogitProbe: Sendable {
    package let rows: [Row]

    private static let count = 4
    private static let longest = 128

    /// - `real`: of examples, of which the first few are taken; without any, rows by a formula.
    /// - `tuning`: under which they are to fit; nil for the model alone.
    package init(_ real: [Row] = [], for model: any LanguageModel, under tuning: Tuning? = nil) {
        let (vocabulary, context) = (model.config.vocabulary, model.room(under: tuning))
        let made = (0..<Self.count).map { (row: Int) -> Row in
            let length = min(context, 5 + 6 * row)
            let ids = (0..<length).map { (i: Int) -> Int32 in
                Int32((31 * i * i + 17 * i + 101 * row + 3) % vocabulary)
            }
            return Row(ids: ids, identity: UInt64(row))
        }
        let short = real.prefix(Self.count).map { row in
            Row(
                ids: Array(row.ids.prefix(Self.longest)),
                segments: Array(row.segments.prefix(Self.longest)), identity: row.identity,
                promptCount: min(row.promptCount, Self.longest))
        }
        rows = short.isEmpty ? made : short
    }

    /// The head's logits of each row, or the vocabulary's at its last token, or the last hidden state.
    package func logits(
        of model: any LanguageModel, under tuning: Tuning? = nil, head: ClassificationHead?
    ) throws -> [Float] {
        try tuning?.prepare(over: model)
        return try rows.flatMap { row in
            let pass = Pass(Layout([row], under: tuning), under: tuning)
            let h = try model.hiddenStates(Tokens([row]), pass)
            if let head { return try head.logits(h, pass).floats }
            let last = pass.gather(h, rows: [h.rows - 1])
            return model.hasLanguageHead ? try model.vocabularyLogits(last, pass).floats : last.floats
        }
    }

    /// How far two sets of logits are apart.
    package struct Difference: Sendable, Hashable {
        /// The largest difference of two logits.
        package let largest: Float
        /// The largest logit, by which the difference is judged.
        package let scale: Float

        package init(_ one: [Float], _ other: [Float]) {
            var (largest, scale): (Float, Float) = (one.count == other.count ? 0 : .infinity, 0)
            for (a, b) in zip(one, other) {
                let apart = abs(a - b)
                largest = max(largest, apart.isFinite ? apart : .infinity)
                scale = max(scale, abs(a))
            }
            (self.largest, self.scale) = (largest, scale)
        }

        /// What rounding in another order may bring.
        package var isRounding: Bool { largest <= 1e-4 * max(1, scale) }
    }

    /// - Throws: `not-the-same` when files give other logits than the model in memory.
    package func require(_ difference: Difference, of what: String) throws {
        guard difference.isRounding else {
            throw Diagnostic(
                "not-the-same",
                "\(what), read back, gives logits that differ by \(difference.largest); nothing was saved",
                hint: "please report this with the model's name")
        }
    }
}
