import Datasets
import Diagnostics
import Learning
import Models
import Training

/// A new head over pooled sequences that come as token ids.
final class PresetClassification: LearningTask {
    let readout: Readout
    let labels = ["0", "1"]

    init(model: any LanguageModel, seed: UInt64) {
        readout = .head(
            ClassificationHead(
                for: model, classes: 2, pooling: model.defaultPooling, usesPooler: model.pooler != nil,
                seed: seed))
    }

    var encoder: any Encoder { PresetEncoder() }
    var loss: any Loss { CrossEntropyLoss() }
    var summary: String { "classification head" }
    func judge() -> any Judge { ClassJudge(labels: labels) }
}

/// The last token is the answer; the loss is at that one position.
final class PresetAnswer: LearningTask {
    private let answers: [Int32]
    let labels = ["0", "1"]

    init(answers: [Int32]) { self.answers = answers }

    var encoder: any Encoder { PresetEncoder() }
    var loss: any Loss { CrossEntropyLoss() }
    var readout: Readout { .vocabulary }
    var summary: String { "the last token" }

    func judge() -> any Judge {
        ClassJudge(labels: labels) { [answers] outputs, _ in
            (0..<outputs.rows).map { row in answers.map { outputs[row, Int($0)] } }
        }
    }
}

/// A job's rows are tokens already; an answer is not told to who is asked for it.
struct PresetEncoder: Encoder {
    var maxLength: Int { .max }

    func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
        throw Diagnostic("bad-job", "a job's examples are tokens, and not texts")
    }

    func asked(_ example: EncodedExample) -> EncodedExample {
        var asked = example
        for (index, row) in example.rows.enumerated() where row.promptCount < row.ids.count {
            asked.rows[index].ids = Array(row.ids.prefix(row.promptCount))
        }
        return asked
    }
}
