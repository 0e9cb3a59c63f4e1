/// How well scores put what is of a class before what is not: both figures as scikit-learn has them.
struct RankedScores {
    /// For each score, from the highest on, how many have it that are of the class, and how many that are not.
    private let steps: [(positives: Int, negatives: Int)]
    private let positives: Int
    private let negatives: Int

    init(_ scores: [Double], isPositive: [Bool]) {
        precondition(scores.count == isPositive.count, "\(scores.count) scores of \(isPositive.count)")
        var steps: [(positives: Int, negatives: Int)] = []
        var last: Double?
        for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
            if scores[index] != last { steps.append((0, 0)) }
            last = scores[index]
            if isPositive[index] {
                steps[steps.count - 1].positives += 1
            } else {
                steps[steps.count - 1].negatives += 1
            }
        }
        self.steps = steps
        positives = isPositive.count { $0 }
        negatives = isPositive.count - positives
    }

    /// The area under the receiver operating characteristic: how often one of the class has a higher score than one that is
    /// not, equal scores counting half (Hanley & McNeil 1982); nil without both.
    var auc: Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var (below, area) = (negatives, 0.0)
        for step in steps {
            below -= step.negatives
            area += Double(step.positives) * (Double(below) + Double(step.negatives) / 2)
        }
        return area / (Double(positives) * Double(negatives))
    }

    /// The mean precision over all that are of the class, each at its own score; nil where none is.
    var averagePrecision: Double? {
        guard positives > 0 else { return nil }
        var (found, named, sum) = (0, 0, 0.0)
        for step in steps {
            found += step.positives
            named += step.positives + step.negatives
            sum += Double(step.positives) * Double(found) / Double(named)
        }
        return sum / Double(positives)
    }
}
