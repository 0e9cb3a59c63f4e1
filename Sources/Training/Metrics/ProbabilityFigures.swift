/// What probabilities of classes are worth besides the class that they name; all as scikit-learn has them.
///
/// Of two classes the areas are those of the second; of more the mean over the classes, each against all others.
package struct ProbabilityFigures: Sendable, Hashable, Codable {
    /// The area under the ROC; nil where the texts are of one class.
    package var auc: Double?
    /// The same weighted by how common each class is; nil of two classes, where it is the same.
    package var weightedAUC: Double?
    package var averagePrecision: Double?
    /// The mean squared distance of the probabilities from what is true (Brier 1950): of two classes that of the second,
    /// of more the sum over the classes.
    package var brier: Double
    /// How often answers of which probability are right.
    package var reliability: [CalibrationError.Bin]

    /// - `probabilities`: of each class, for each text.
    package init(truths: [Int], probabilities: [[Double]]) {
        precondition(truths.count == probabilities.count, "\(probabilities.count) of \(truths.count) texts")
        let classes = probabilities.first?.count ?? 0
        var calibration = CalibrationError()
        for (truth, row) in zip(truths, probabilities) {
            let answer = row.indices.max { row[$0] < row[$1] } ?? 0
            calibration.add(probability: row[answer], isRight: answer == truth)
        }
        reliability = calibration.bins
        let judged = classes == 2 ? 1..<2 : 0..<classes
        let squares = zip(truths, probabilities).reduce(0.0) { sum, text in
            judged.reduce(sum) { sum, label in
                let distance = text.1[label] - (text.0 == label ? 1 : 0)
                return sum + distance * distance
            }
        }
        brier = squares / Double(max(1, truths.count))
        let ranked = judged.map { label in
            RankedScores(probabilities.map { $0[label] }, isPositive: truths.map { $0 == label })
        }
        let areas = zip(judged, ranked).compactMap { label, ranked in
            ranked.auc.map { (area: $0, support: Double(truths.count { $0 == label })) }
        }
        auc = areas.isEmpty ? nil : areas.reduce(0) { $0 + $1.area } / Double(areas.count)
        let total = areas.reduce(0) { $0 + $1.support }
        weightedAUC =
            classes == 2 || areas.isEmpty ? nil : areas.reduce(0) { $0 + $1.area * $1.support } / total
        let precisions = ranked.compactMap(\.averagePrecision)
        averagePrecision =
            precisions.isEmpty ? nil : precisions.reduce(0, +) / Double(precisions.count)
    }
}
