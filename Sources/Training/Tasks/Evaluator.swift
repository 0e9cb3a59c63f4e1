import Diagnostics
import Learning
import Models
import Synchronization
import Tensors

/// Scores examples with a model: the same shares, kernels and workers as training, no gradients.
package final class Evaluator: @unchecked Sendable {
    private let model: any LanguageModel
    private let tuning: Tuning?
    private let objective: any Objective
    private let workers: Workers

    /// - `tuning`: what is changed about the model; nil for nothing.
    package init(
        model: any LanguageModel, under tuning: Tuning?, objective: any Objective, workers: Workers
    ) {
        self.model = model
        self.tuning = tuning
        self.objective = objective
        self.workers = workers
    }

    package struct Outcome: Sendable {
        /// Log-probability of each class, for each example in the given order.
        package var scores: [[Float]]
        package var tokens: Int
        package var seconds: Double

        package var predictions: [Int] {
            scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
        }
    }

    /// - Throws: `Interrupted`, or what a share threw.
    package func scores(
        of examples: [EncodedExample], interruption: Interruption,
        progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        let start = ContinuousClock().now
        tuning?.prepare(over: model)
        let laidOut = examples.map { (objective as? AnswerWriting)?.candidates(for: $0) ?? [$0] }
        let prefix = try CommonPrefix(
            of: laidOut.flatMap { $0 }, for: objective, model: model, under: tuning,
            interruption: interruption)
        var scores = [[Float]](repeating: [], count: examples.count)
        var done = 0
        // Progress is told between groups; a group is large enough to balance its shares.
        let meter = StepMeter()
        for group in Self.groups(laidOut.map { $0.reduce(0) { $0 + $1.ids.count } }) {
            let part = try meter.step {
                try shareScores(group.map { laidOut[$0] }, prefix: prefix, interruption: interruption)
            }
            for (index, row) in zip(group, part) { scores[index] = row }
            guard part.allSatisfy({ !$0.contains(where: \.isNaN) }) else { throw try notFinite() }
            done += group.count
            progress(done, examples.count)
        }
        return Outcome(
            scores: scores, tokens: laidOut.reduce(0) { $0 + $1.reduce(0) { $0 + $1.ids.count } },
            seconds: (ContinuousClock().now - start).inSeconds)
    }

    /// Indices in the order of length, cut where about 16,000 tokens are together.
    private static func groups(_ lengths: [Int]) -> [[Int]] {
        var groups: [[Int]] = []
        var load = 0
        for index in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) }) {
            if groups.isEmpty || load + lengths[index] > 16_384 {
                groups.append([])
                load = 0
            }
            groups[groups.count - 1].append(index)
            load += lengths[index]
        }
        return groups
    }

    /// What to say of scores that are no numbers.
    ///
    /// - Throws: `not-finite` when a tensor of the base is why.
    private func notFinite() throws -> Diagnostic {
        try model.store.requireFinite()
        return Diagnostic(
            "not-finite", "the model gives scores that are not numbers, though its base's weights are",
            hint: "begin anew with lora, and train with a smaller lr")
    }

    private func shareScores(
        _ examples: [[EncodedExample]], prefix: CommonPrefix, interruption: Interruption
    ) throws -> [[Float]] {
        let lengths = examples.map { $0.reduce(0) { $0 + $1.ids.count - prefix.length } }
        let shares = Shares.cut(lengths: lengths, target: 512, least: 128)
        let results = Mutex<(rows: [[[Float]]?], failure: (any Error)?)>(
            (Array(repeating: nil, count: shares.count), nil))
        workers.run(shares.count) { [self] index in
            guard results.withLock({ $0.failure == nil }) else { return }
            do {
                let share = shares[index].flatMap { examples[$0] }
                let rows = try scoreShare(share, prefix: prefix, interruption: interruption)
                results.withLock { $0.rows[index] = rows }
            } catch {
                results.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (rows, failure) = results.withLock { $0 }
        if let failure { throw failure }
        var scores = [[Float]](repeating: [], count: examples.count)
        for (share, part) in zip(shares, rows) {
            for (index, row) in zip(share, part ?? []) { scores[index] = row }
        }
        return scores
    }

    private func scoreShare(
        _ share: [EncodedExample], prefix: CommonPrefix, interruption: Interruption
    ) throws -> [[Float]] {
        let shortened = share.map { prefix.removed(from: $0) }
        let pass = Pass(
            Layout(shortened, under: tuning, after: prefix.length), under: tuning,
            interruption: interruption)
        pass.prefix = prefix.cache
        let h = try model.hiddenStates(Tokens(shortened), pass)
        return try objective.scores(h, shortened, model: model, pass)
    }
}
