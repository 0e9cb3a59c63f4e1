import Datasets
import Diagnostics

/// The examples of which something can be learned.
///
/// Where `max_length` cuts an answer off whole, no place of the row has a target: it would cost a pass, give no gradient,
/// and a batch of nothing else would have a loss of zero over zero. Such rows are left out before batches are made, so
/// that no batch is empty, and counted.
struct LearnableExamples {
    let examples: [Example]
    let encoded: [EncodedExample]
    /// How many are not among them, and how many of those have lost their end.
    let leftOut: LeftOut

    /// - Throws: `no-labels` where all are left out.
    init(_ examples: [Example], _ encoded: [EncodedExample], for task: any LearningTask) throws {
        let loss = task.loss
        let isApart = task.encoder.rowsAreApart
        let (examples, encoded) = isApart ? Self.apart(examples, encoded) : (examples, encoded)
        let kept = encoded.indices.filter { loss.weight(of: encoded[$0]) > 0 }
        guard kept.count < encoded.count else {
            (self.examples, self.encoded, leftOut) = (examples, encoded, LeftOut())
            return
        }
        leftOut = LeftOut(of: encoded, keeping: kept, maxLength: task.maxLength)
        guard !kept.isEmpty else {
            let isCut = leftOut.cut > 0
            throw Diagnostic(
                "no-labels", "nothing can be learned: \(leftOut.text(leaving: "nothing to learn"))",
                about: isCut ? "max_length" : nil,
                hint: isCut
                    ? "raise max_length, which load takes too"
                    : "do the examples have answers, and weights above 0?")
        }
        (self.examples, self.encoded) = (kept.map { examples[$0] }, kept.map { encoded[$0] })
    }
}

extension LearnableExamples {
    /// Each row as an example of its own.
    private static func apart(
        _ examples: [Example], _ encoded: [EncodedExample]
    ) -> ([Example], [EncodedExample]) {
        let pairs = zip(examples, encoded).flatMap { example, encoded in encoded.apart.map { (example, $0) } }
        return (pairs.map(\.0), pairs.map(\.1))
    }
}

/// Examples that were left out, since nothing of their answers is there.
package struct LeftOut: Sendable, Hashable, Codable {
    package var count = 0
    /// Those of them that have lost their end.
    package var cut = 0
    /// How many there were.
    package var of = 0
    package var maxLength = 0

    package init() {}

    init(of examples: [EncodedExample], keeping kept: [Int], maxLength: Int) {
        let there = Set(kept)
        count = examples.count - kept.count
        cut = examples.indices.count { !there.contains($0) && examples[$0].cut > 0 }
        (of, self.maxLength) = (examples.count, maxLength)
    }

    /// `max_length=16 leaves nothing to learn of 3 of 500 texts`
    package func text(leaving: String) -> String {
        let texts = count == of ? "any of the \(of.grouped) texts" : "\(count.grouped) of \(of.grouped) texts"
        return cut == count
            ? "max_length=\(maxLength) leaves \(leaving) of \(texts)"
            : "there is \(leaving) in \(texts)" + (cut > 0 ? ", \(cut.grouped) of which max_length cuts" : "")
    }
}
