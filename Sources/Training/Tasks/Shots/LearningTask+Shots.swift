import Compute
import Datasets
import Diagnostics

extension LearningTask {
    /// The same task with examples of the training part before each text, in its prompt.
    ///
    /// They take what the longest text leaves of `maxLength`, at most half of it where texts are longer; those that do not
    /// fit are passed over, and of a text that is too long then its end is cut, as ever.
    ///
    /// - `judged`: the texts before which they stand, of which none is among them.
    /// - Throws: `no-shots` where the task asks nothing in words, or nothing is there to draw; `too-long` where not even
    ///   one fits; what the encoder throws; `Interrupted`.
    package func after(
        _ wanted: Int, of dataset: Dataset, before judged: [Example], seed: UInt64, workers: Workers,
        interruption: Interruption
    ) throws -> (task: any LearningTask, use: ShotUse) {
        guard after([]) != nil else { throw dataset.noShots }
        let candidates = dataset.train.filter { shot(of: $0) != nil }
        let drawn = ShotDraw(seed: seed).examples(wanted, of: candidates, labels: labels, besides: judged)
        guard !drawn.isEmpty else {
            throw Diagnostic(
                "no-shots", "the training part has no example that is not among the texts that are judged",
                about: "shots", hint: "load the data with train=…, or leave shots out")
        }
        let longest = try encoder.encode(judged, workers: workers, interruption: interruption)
            .flatMap(\.rows).reduce(0) { max($0, $1.ids.count) }
        let room = maxLength - min(longest, maxLength / 2)
        var (kept, tokens): ([Shot], Int) = ([], 0)
        for next in drawn.compactMap({ shot(of: $0) }) {
            let count = tokenCount(of: kept + [next])
            if count <= room { (kept, tokens) = (kept + [next], count) }
        }
        guard !kept.isEmpty, let task = after(kept) else {
            let least = drawn.compactMap({ shot(of: $0) }).map { tokenCount(of: [$0]) }.min() ?? 0
            throw Diagnostic(
                "too-long",
                "not even one example fits into max_length=\(maxLength) beside the texts: the shortest takes \(least.grouped) tokens, and \(room.grouped) are left",
                about: "shots", hint: "raise max_length, which load takes too")
        }
        let use = ShotUse(
            wanted: wanted, drawn: drawn.count, count: kept.count, tokens: tokens, seed: seed,
            maxLength: maxLength, isBare: dataset.passages != nil)
        return (task, use)
    }
}

extension Dataset {
    /// What is said where its texts are not asked about in words.
    fileprivate var noShots: Diagnostic {
        let (why, hint) =
            switch shape {
            case .classes:
                (
                    "a classifier reads these texts, and is asked nothing",
                    "load the data with prompt=alpaca, or leave shots out"
                )
            case .preferences: ("these data are pairs of answers", "leave shots out")
            case .dialogues: ("these data are dialogues", "leave shots out")
            default: ("nothing is asked of these texts", "leave shots out")
            }
        return Diagnostic(
            "no-shots", "shots= puts examples with their answers into a prompt, and \(why)", about: "shots",
            hint: hint)
    }
}
