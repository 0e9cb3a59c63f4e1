import Foundation

/// Counts of true against predicted classes; every figure of an evaluation comes from it.
package struct ConfusionMatrix: Sendable, Hashable, Codable {
    package let labels: [String]
    /// `counts[truth][prediction]`
    package private(set) var counts: [[Int]]

    package init(labels: [String]) {
        self.labels = labels
        counts = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    }

    package init(labels: [String], counts: [[Int]]) {
        self.labels = labels
        self.counts = counts
    }

    package mutating func add(truth: Int, prediction: Int) { counts[truth][prediction] += 1 }

    package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
    package func support(_ label: Int) -> Int { counts[label].reduce(0, +) }
    package func predicted(_ label: Int) -> Int { counts.reduce(0) { $0 + $1[label] } }

    /// Right answers over all.
    package var accuracy: Double { ratio(labels.indices.reduce(0) { $0 + counts[$1][$1] }, total) }

    /// The mean of the classes' recalls, over classes that occur.
    package var balancedAccuracy: Double {
        let present = labels.indices.filter { support($0) > 0 }
        return present.isEmpty ? 0 : present.reduce(0) { $0 + recall($1) } / Double(present.count)
    }

    package func precision(_ label: Int) -> Double { ratio(counts[label][label], predicted(label)) }
    package func recall(_ label: Int) -> Double { ratio(counts[label][label], support(label)) }

    /// 2PR / (P + R); 0 where nothing was right.
    package func f1(_ label: Int) -> Double {
        ratio(2 * counts[label][label], support(label) + predicted(label))
    }

    /// Classes that stand in truths or answers: scikit-learn's mean is over these.
    private var occurring: [Int] { labels.indices.filter { support($0) + predicted($0) > 0 } }

    /// How a figure of each class becomes one.
    package enum Average: String, Sendable, CaseIterable { case macro, micro, weighted }

    package func average(_ average: Average, of figure: (Int) -> Double) -> Double {
        switch average {
        case .macro: occurring.reduce(0) { $0 + figure($1) } / Double(max(1, occurring.count))
        case .micro: accuracy  // with one label an example, micro P, R and F1 all equal accuracy
        case .weighted:
            labels.indices.reduce(0) { $0 + figure($1) * Double(support($1)) } / Double(max(1, total))
        }
    }

    package var macroPrecision: Double { average(.macro, of: precision) }
    package var macroRecall: Double { average(.macro, of: recall) }
    package var macroF1: Double { average(.macro, of: f1) }
    package var weightedPrecision: Double { average(.weighted, of: precision) }
    package var weightedRecall: Double { average(.weighted, of: recall) }
    package var weightedF1: Double { average(.weighted, of: f1) }

    /// Matthews' correlation for any number of classes (Gorodkin 2004); 0 when undefined.
    package var matthews: Double {
        let n = Double(total)
        let right = Double(labels.indices.reduce(0) { $0 + counts[$1][$1] })
        var product = 0.0
        var predictedSquares = 0.0
        var trueSquares = 0.0
        for label in labels.indices {
            let (p, t) = (Double(predicted(label)), Double(support(label)))
            product += p * t
            predictedSquares += p * p
            trueSquares += t * t
        }
        let root = ((n * n - predictedSquares) * (n * n - trueSquares)).squareRoot()
        return root == 0 ? 0 : (right * n - product) / root
    }

    /// What always naming the commonest class would reach.
    package var majorityBaseline: Double { ratio(labels.indices.map(support).max() ?? 0, total) }

    /// Wilson's 95% interval of the accuracy (Wilson 1927).
    package var accuracyInterval: ClosedRange<Double> {
        Self.wilson(right: labels.indices.reduce(0) { $0 + counts[$1][$1] }, of: total)
    }

    /// - `z`: 1.96 standard deviations for 95%.
    package static func wilson(right: Int, of count: Int, z: Double = 1.959964) -> ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let (n, p) = (Double(count), Double(right) / Double(count))
        let centre = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return max(0, centre - half)...min(1, centre + half)
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
