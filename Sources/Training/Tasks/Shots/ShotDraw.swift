import Datasets
import System

/// Draws the examples that stand before every text: the same for a seed, so many of a class as of any other, and fewer
/// are the first of more.
struct ShotDraw {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// - `labels`: the classes; empty where answers are none.
    /// - `judged`: the texts that are judged, of which none is drawn.
    func examples(
        _ count: Int, of candidates: [Example], labels: [String], besides judged: [Example]
    ) -> [Example] {
        var taken = Set(judged.map(\.contentHash))
        let free = candidates.filter { taken.insert($0.contentHash).inserted }
        var random = CounterRandom(seed: seed, purpose: "shots")
        let order = random.permutation(free.count).map { free[$0] }
        guard labels.count > 1 else { return Array(order.prefix(count)) }
        var left = labels.indices.map { label in order.filter { $0.label == label }[...] }
        var drawn: [Example] = []
        while drawn.count < count, left.contains(where: { !$0.isEmpty }) {
            // A class after the other, each time in another order: none always stands next to the text.
            for label in random.permutation(labels.count) where drawn.count < count {
                if let next = left[label].popFirst() { drawn.append(next) }
            }
        }
        return drawn
    }
}
