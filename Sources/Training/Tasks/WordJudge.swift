import Learning

/// Judges classes by how probable it is that a model answers with their words, each a row of the example's: all its tokens
/// and the end.
package struct WordJudge: Judge {
    private let labels: [String]
    private let scoring: WordScoring
    private var kept = Answers()

    package init(labels: [String], scoring: WordScoring) { (self.labels, self.scoring) = (labels, scoring) }

    package var readsLosses: Bool { true }

    package mutating func add(losses: [Float], _ examples: [EncodedExample], numbered numbers: [Int]) {
        var next = 0
        let scores = examples.map { example in
            example.rows.map { row in
                let end = next + row.learned.count
                defer { next = end }
                return Float(scoring.score(losses[next..<end].lazy.map { -$0 }))
            }
        }
        precondition(next == losses.count, "\(losses.count) losses of \(next) tokens")
        kept.add(scores.map(logSoftmax), examples, numbered: numbers)
    }

    package mutating func merge(_ other: WordJudge) { kept.merge(other.kept) }

    package var answers: [Answer] { kept.inOrder }

    package var metrics: Metrics { Metrics(classesOf: answers, labels: labels) }
}
