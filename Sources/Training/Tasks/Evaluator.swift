import Compute
import Diagnostics
import Learning
import Models
import Synchronization

/// Asks a model about examples and has the task judge: the same shares, kernels and workers as training, no
/// gradients.
package final class Evaluator: @unchecked Sendable {
    private let model: any LanguageModel
    private let tuning: Tuning?
    private let task: any LearningTask
    private let workers: Workers
    private let sharesBeginnings: Bool
    private let isUntuned: Bool

    /// - `tuning`: what is changed about the model; nil for nothing.
    /// - `sharesBeginnings`: whether tokens that all rows begin with are computed once.
    /// - `isUntuned`: whether the weights are known to have learned from nothing, so that no method begins them anew.
    package init(
        model: any LanguageModel, under tuning: Tuning?, task: any LearningTask, workers: Workers,
        sharesBeginnings: Bool = true, isUntuned: Bool = false
    ) {
        self.model = model
        self.tuning = tuning
        self.task = task
        self.workers = workers
        (self.sharesBeginnings, self.isUntuned) = (sharesBeginnings, isUntuned)
    }

    package struct Outcome: Sendable {
        /// In the given order.
        package let answers: [Answer]
        package let metrics: Metrics
        package let tokens: Int
        package let seconds: Double
    }

    /// - Throws: `Interrupted`, `not-finite`, or what a share threw.
    package func evaluate(
        _ examples: [EncodedExample], interruption: Interruption,
        progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> Outcome {
        let start = ContinuousClock().now
        try tuning?.prepare(over: model)
        let asked = examples.map { task.encoder.asked($0) }
        let isApart = task.encoder.rowsAreApart
        let numbered = asked.enumerated().flatMap { number, example in
            (isApart ? example.apart : [example]).map { (number, $0) }
        }
        let judge = try judged(
            numbered.map(\.1), of: numbered.map(\.0), by: task.judge(), interruption: interruption,
            progress: progress)
        return Outcome(
            answers: judge.answers, metrics: judge.metrics, tokens: asked.reduce(0) { $0 + $1.tokenCount },
            seconds: (ContinuousClock().now - start).inSeconds)
    }

    /// Each row's -log p at its learned places.
    func losses(of rows: [Row], interruption: Interruption) throws -> [[Float]] {
        try tuning?.prepare(over: model)
        return try judged(
            rows.map { EncodedExample([$0]) }, of: Array(rows.indices), by: LossCollector(),
            interruption: interruption
        ) { _, _ in }.answers.map(\.values)
    }

    /// - `numbers`: which of the examples that were given each one is a part of.
    private func judged<J: Judge>(
        _ examples: [EncodedExample], of numbers: [Int], by empty: J, interruption: Interruption,
        progress: @Sendable (_ done: Int, _ of: Int) -> Void
    ) throws -> J {
        let prefix = try CommonPrefix(
            of: sharesBeginnings && !empty.comparesExactly ? examples.flatMap(\.rows) : [], for: task.readout,
            model: model,
            under: tuning, interruption: interruption)
        let asked = asked(examples, numbered: numbers, after: prefix, isExact: empty.comparesExactly)
        var judge = empty
        var done = 0
        // Progress is told between groups; a group is large enough to balance its shares.
        let meter = StepMeter()
        for group in Self.groups(asked.map(\.length)) {
            let part = try meter.step {
                try judgedGroup(
                    group.map { asked[$0] }, prefix: prefix, by: empty, interruption: interruption)
            }
            guard !part.answers.contains(where: { $0.values.contains(where: \.isNaN) }) else {
                throw try noNumbers()
            }
            judge.merge(part)
            done += group.count
            progress(done, examples.count)
        }
        return judge
    }

    /// An example, and the sequences of tokens by which it is judged.
    private struct Asked {
        let example: EncodedExample
        let number: Int
        let sequences: BranchedRows
        /// Rows of the tensors of a pass over them.
        let length: Int
    }

    /// - `isExact`: whether no beginning may be shared.
    private func asked(
        _ examples: [EncodedExample], numbered numbers: [Int], after prefix: CommonPrefix, isExact: Bool
    ) -> [Asked] {
        // Where the prefix is computed once, the rows that a tuning puts first are part of it.
        let leading = prefix.length == 0 ? tuning?.leadingCount ?? 0 : 0
        let branches = sharesBeginnings && !isExact && model.isCausal && leading == 0
        return zip(examples, numbers).map { example, number in
            let rows = prefix.removed(from: example.rows)
            let sequences =
                branches
                ? BranchedRows(rows, for: task.readout, under: tuning) : BranchedRows(whole: rows)
            return Asked(
                example: example, number: number, sequences: sequences,
                length: sequences.rowCount(with: leading))
        }
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

    /// The code of what is thrown where scores are no numbers.
    static let notFinite = "not-finite"

    /// What to say of scores that are no numbers.
    ///
    /// - Throws: `not-finite` when a tensor of the base is why.
    private func noNumbers() throws -> Diagnostic {
        try model.store.requireFinite()
        return Diagnostic(
            Self.notFinite, "the model gives scores that are not numbers, though its base's weights are",
            hint: isUntuned || tuning == nil
                ? nil
                : "write lora, or the method that was trained, which begins anew, then train with a smaller lr"
        )
    }

    private func judgedGroup<J: Judge>(
        _ group: [Asked], prefix: CommonPrefix, by empty: J, interruption: Interruption
    ) throws -> J {
        let shares = Shares.cut(lengths: group.map(\.length), target: 512, least: 128)
        let found = Mutex<(judges: [J?], failure: (any Error)?)>(
            (Array(repeating: nil, count: shares.count), nil))
        workers.run(shares.count) { [self] index in
            guard found.withLock({ $0.failure == nil }) else { return }
            do {
                let share = shares[index].map { group[$0] }
                let (examples, numbers) = (share.map(\.example), share.map(\.number))
                let sequences = BranchedRows(joining: share.map(\.sequences))
                let (h, pass) = try hiddenStates(of: sequences, prefix: prefix, interruption)
                var judge = empty
                if judge.readsLosses {
                    judge.add(
                        losses: try losses(h, of: sequences.rows, pass, interruption), examples,
                        numbered: numbers)
                } else {
                    judge.add(
                        try task.readout.outputs(h, sequences.rows, model: model, pass), examples,
                        numbered: numbers)
                }
                found.withLock { [judge] in $0.judges[index] = judge }
            } catch {
                found.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (judges, failure) = found.withLock { $0 }
        if let failure { throw failure }
        var whole = empty
        for case let judge? in judges { whole.merge(judge) }
        return whole
    }

    /// Each learned place's -log p, whose logits are made a few rows at a time.
    private func losses(
        _ h: Tensor, of rows: [Row], _ pass: Pass, _ interruption: Interruption
    ) throws -> [Float] {
        let places = rows.enumerated().flatMap { index, row in
            row.learned.map { (row: pass.layout.row(of: $0.place, in: index), target: $0.target?.label ?? 0) }
        }
        let fitting = model.logitRows()
        return try stride(from: 0, to: places.count, by: fitting).flatMap { start -> [Float] in
            try interruption.check()
            let block = places[start..<min(places.count, start + fitting)]
            let logits = try task.readout.logits(pass.gather(h, rows: block.map(\.row)), model: model, pass)
            return CrossEntropy.losses(of: logits, labels: block.map { Int32($0.target) })
        }
    }

    private func hiddenStates(
        of sequences: BranchedRows, prefix: CommonPrefix, _ interruption: Interruption
    ) throws -> (h: Tensor, pass: Pass) {
        let pass = Pass(
            Layout(sequences, under: tuning, after: prefix.length), under: tuning, interruption: interruption)
        pass.prefix = prefix.cache
        return (try model.hiddenStates(Tokens(sequences.rows), pass), pass)
    }
}
