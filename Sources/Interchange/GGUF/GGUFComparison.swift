import Diagnostics
import Learning
import Models
import Training

/// What a model answers, to compare with the same one read back from a file.
package struct GGUFComparison {
    private let probe: LogitProbe
    private let logits: [Float]
    private let answer: [Int32]

    /// - `check`: is called between tokens, and may end it.
    init(
        _ probe: LogitProbe, of model: any LanguageModel, under tuning: Tuning?, check: () throws -> Void
    ) throws {
        self.probe = probe
        logits = try probe.logits(of: model, under: tuning, head: nil)
        answer = try probe.answer(of: model, under: tuning, check: check)
    }

    /// How another model's answers differ.
    package struct Result: Sendable {
        package let difference: LogitProbe.Difference
        /// The root of the mean square of differences, as a share of the logits' spread around each row's mean.
        package let share: Float
        package let rows: Int
        /// How many tokens of the greedy answer are the same, from its beginning on.
        package let agreeing: Int
        package let answered: Int
    }

    func result(
        of model: any LanguageModel, under tuning: Tuning? = nil, check: () throws -> Void
    ) throws -> Result {
        let found = try probe.logits(of: model, under: tuning, head: nil)
        let theirs = try probe.answer(of: model, under: tuning, check: check)
        return Result(
            difference: .init(logits, found), share: share(found), rows: probe.rows.count,
            agreeing: zip(answer, theirs).prefix { $0 == $1 }.count, answered: answer.count)
    }

    private func share(_ found: [Float]) -> Float {
        guard found.count == logits.count, !probe.rows.isEmpty else { return .infinity }
        let width = logits.count / probe.rows.count
        var (apart, spread) = (0.0, 0.0)
        for first in stride(from: 0, to: logits.count, by: width) {
            let row = first..<first + width
            let mean = logits[row].reduce(0.0) { $0 + Double($1) } / Double(width)
            for index in row {
                let (own, other) = (Double(logits[index]), Double(found[index]))
                apart += (own - other) * (own - other)
                spread += (own - mean) * (own - mean)
            }
        }
        return apart == 0 ? 0 : apart.isFinite ? Float((apart / spread).squareRoot()) : .infinity
    }
}

extension LogitProbe {
    /// Tokens of the beginning, and of what follows.
    private static let begun = 24
    private static let written = 12

    /// The tokens with which a model goes on from the first row's beginning, the likeliest each time.
    func answer(
        of model: any LanguageModel, under tuning: Tuning?, check: () throws -> Void
    ) throws -> [Int32] {
        guard var ids = rows.first.map({ Array($0.ids.prefix(Self.begun)) }) else { return [] }
        let begun = ids.count
        try tuning?.prepare(over: model)
        while ids.count < min(begun + Self.written, model.room(under: tuning)) {
            try check()
            let row = Row(ids: ids, identity: 0, promptCount: begun)
            let pass = Pass(Layout([row], under: tuning), under: tuning)
            let h = try model.hiddenStates(Tokens([row]), pass)
            let logits = try model.vocabularyLogits(pass.gather(h, rows: [h.rows - 1]), pass).floats
            ids.append(Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0))
        }
        return Array(ids.dropFirst(begun))
    }
}
