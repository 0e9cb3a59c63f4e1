import Datasets
import Diagnostics
import JSON

/// How well a model did on one part of a data set.
package struct EvaluationResult: Sendable, Hashable, Codable {
    package var data: String
    package var split: Split
    package var metrics: Metrics
    package var tokens: Int
    @ClockSeconds package var seconds: Double
    /// How many of the examples have a text that the weights have learned from.
    package var seen = 0
    /// Whether all that the weights have been tuned on is known.
    package var isSeenWhole = true
    /// Whether a set that a run was judged by is called a test (see `ValidationSet`); nil where it was no such set, and in
    /// files of before.
    package var isOfTest: Bool?
    /// Examples that nothing could be judged of; nil where there were none.
    package var leftOut: LeftOut?
    /// Examples that stood before each text; nil where none did.
    package var shots: ShotUse?
    /// What the model made of each text, in the part's order; empty where nobody asked for it, and in files.
    package var texts: [JudgedText] = []
    /// The same of texts whose answers are numbers.
    package var values: [JudgedValue] = []
    /// The same of texts that have neither.
    package var ranked: [RankedText] = []
    /// What their figures are.
    package var ranking: AnswerRanking?
    /// What the model wrote; empty where nobody asked for it, and in files.
    package var written: [WrittenAnswer] = []
    /// The figure by which each of these has its score.
    package var writtenMetric: String?

    private enum CodingKeys: String, CodingKey {
        case data, split, metrics, tokens, seconds, seen, isSeenWhole, isOfTest, leftOut, shots
    }

    package init(data: String, split: Split, outcome: Evaluator.Outcome) {
        (self.data, self.split, metrics) = (data, split, outcome.metrics)
        (tokens, seconds) = (outcome.tokens, outcome.seconds)
    }

    package init(data: String, split: Split, metrics: Metrics, seconds: Double) {
        (self.data, self.split, self.metrics) = (data, split, metrics)
        (tokens, self.seconds) = (0, seconds)
    }

    /// Of no classes where answers are none.
    package var matrix: ConfusionMatrix { metrics.matrix ?? ConfusionMatrix(labels: []) }
    /// Whether its texts are called a test.
    package var isTest: Bool { isOfTest ?? (split == .test) }
    /// Mean of -log p(true class), or of each token that is judged, in nats; of numbers the mean squared error.
    package var loss: Double { metrics.loss }

    /// What was scored, for captions and titles: no test where it was learned from.
    package var title: String {
        let place = "\(data), \(split.rawValue)"
        return seen > 0
            ? "\(place) (no test: \(seen.grouped) of \(metrics.count.grouped) \(seen == 1 ? "was" : "were") trained on)"
            : place
    }

    /// What keeps the figures from meaning what they seem to.
    package var remarks: [String] {
        var remarks: [String] = []
        if seen > 0 {
            remarks.append(
                "\(seen.grouped) of the \(metrics.count.grouped) texts \(seen == 1 ? "is" : "are") among those the weights "
                    + "have learned from: this is no test")
        }
        if let leftOut { remarks.append(leftOut.text(leaving: "nothing to judge")) }
        if let missing = shots?.remark { remarks.append(missing) }
        if !isSeenWhole { remarks.append("what the opened weights were tuned on before is not known") }
        return remarks
    }

    /// Whether the texts are of several classes.
    private var isOfSeveral: Bool { matrix.labels.indices.count { matrix.support($0) > 0 } > 1 }

    /// The class that every text was put into, though they are of several; nil where answers differ.
    package var onlyAnswer: Int? {
        isOfSeveral ? matrix.labels.indices.first { matrix.predicted($0) == matrix.total } : nil
    }

    /// Says so where a score is one that needs no reading of the texts.
    package var triviality: String? {
        if let baseline = metrics.meanBaseline {
            return loss < baseline ? nil : "no nearer than always answering the mean"
        }
        if let onlyAnswer { return "every text is called \(ClassMatch.named(matrix.labels[onlyAnswer]))" }
        guard isOfSeveral, matrix.accuracy <= matrix.majorityBaseline else { return nil }
        return "no better than always naming the commonest class"
    }

    /// With two classes the figures are those of the second, else the mean over all.
    package var isBinary: Bool { matrix.labels.count == 2 }

    package var precision: Double { isBinary ? matrix.precision(1) : matrix.macroPrecision }
    package var recall: Double { isBinary ? matrix.recall(1) : matrix.macroRecall }
    package var f1: Double { isBinary ? matrix.f1(1) : matrix.macroF1 }

    /// Every figure as plain data, as `lorikeet run --json` prints it.
    package var json: JSONObject {
        var json: JSONObject = ["n": .integer(metrics.count)]
        if let matrix = metrics.matrix {
            for (name, value) in figures(of: matrix) { json[name] = value }
        } else {
            for figure in metrics.figures {
                json[figure.name] = .number(figure.value)
                json["\(figure.name)_interval"] = figure.interval.map {
                    [.number($0.lowerBound), .number($0.upperBound)]
                }
            }
            json["loss"] = .number(loss)
            json["baseline"] = metrics.meanBaseline.map { .number($0) }
            json["tokens"] = metrics.tokens.map { .integer($0) }
        }
        (json["data"], json["split"]) = (.string(data), .string(split.rawValue))
        json["calibration_error"] = metrics.calibrationError.map { .number($0) }
        if let probabilities = metrics.probabilities {
            json["auc"] = probabilities.auc.map { .number($0) }
            json["weighted_auc"] = probabilities.weightedAUC.map { .number($0) }
            json["average_precision"] = probabilities.averagePrecision.map { .number($0) }
            json["brier"] = .number(probabilities.brier)
        }
        json["seen"] = .integer(seen)
        if !written.isEmpty {
            json["answers"] = .array(
                written.map {
                    [
                        "index": .integer($0.index), "text": .string($0.text),
                        "reference": .string($0.reference), "ended": .string($0.ending.rawValue),
                    ]
                })
        }
        if let leftOut { json["left_out"] = .integer(leftOut.count) }
        if let shots {
            (json["shots"], json["shot_tokens"]) = (.integer(shots.count), .integer(shots.tokens))
        }
        return json
    }

    private func figures(of matrix: ConfusionMatrix) -> JSONObject {
        let interval = matrix.accuracyInterval
        let classes = matrix.labels.indices.map { index -> JSON in
            [
                "label": .string(matrix.labels[index]), "precision": .number(matrix.precision(index)),
                "recall": .number(matrix.recall(index)), "f1": .number(matrix.f1(index)),
                "support": .integer(matrix.support(index)),
            ]
        }
        return [
            "accuracy": .number(matrix.accuracy),
            "interval": [.number(interval.lowerBound), .number(interval.upperBound)],
            "balanced_accuracy": .number(matrix.balancedAccuracy), "precision": .number(precision),
            "recall": .number(recall), "f1": .number(f1),
            "average": .string(isBinary ? "class \(matrix.labels[1])" : "macro"),
            "macro_precision": .number(matrix.macroPrecision), "macro_recall": .number(matrix.macroRecall),
            "macro_f1": .number(matrix.macroF1), "matthews": .number(matrix.matthews),
            "weighted_precision": .number(matrix.weightedPrecision),
            "weighted_recall": .number(matrix.weightedRecall), "weighted_f1": .number(matrix.weightedF1),
            "baseline": .number(matrix.majorityBaseline), "loss": .number(loss),
            "matrix": .array(matrix.counts.map { .array($0.map(JSON.integer)) }),
            "labels": .array(matrix.labels.map(JSON.string)), "classes": .array(classes),
        ]
    }
}
