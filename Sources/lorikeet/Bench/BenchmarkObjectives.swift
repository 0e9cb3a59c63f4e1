import Datasets
import Learning
import Models
import Tensors
import Training

/// A new head over pooled sequences that come as token ids.
final class PresetClassification: Objective {
    private let head: ClassificationHead
    let labels = ["0", "1"]

    init(model: any LanguageModel, seed: UInt64) {
        head = ClassificationHead(
            for: model, classes: 2, pooling: model.defaultPooling, usesPooler: model.pooler != nil, seed: seed
        )
    }

    var parameters: [Parameter] { head.parameters }
    var summary: String { "classification head" }
    func encode(_ example: Example) -> EncodedExample { EncodedExample(ids: [0], identity: 0) }
    func termCount(_ example: EncodedExample) -> Int { 1 }

    func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        try TermLoss.learn(
            head.logits(h, pass), labels: examples.map { Int32($0.label ?? 0) }, scale: scale, pass)
    }

    func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        let logits = try head.logits(h, pass)
        return (0..<logits.rows).map { row in (0..<2).map { logits.pointer[2 * row + $0] } }
    }
}

/// The last token is the answer; the loss is at that one position.
final class PresetAnswer: Objective {
    private let answers: [Int32]
    let labels = ["0", "1"]

    init(answers: [Int32]) { self.answers = answers }

    var parameters: [Parameter] { [] }
    var summary: String { "the last token" }
    func encode(_ example: Example) -> EncodedExample { EncodedExample(ids: [0], identity: 0) }
    func termCount(_ example: EncodedExample) -> Int { 1 }

    func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        let rows = pass.layout.starts.dropFirst().map { $0 - 2 }
        return try TermLoss.learn(
            model.vocabularyLogits(pass.gather(h, rows: rows), pass),
            labels: examples.map { $0.ids.last ?? 0 },
            scale: scale, pass)
    }

    /// Sequences come without their answer.
    func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        let last = pass.layout.starts.dropFirst().map { $0 - 1 }
        let logits = try model.vocabularyLogits(pass.gather(h, rows: last), pass)
        return (0..<logits.rows).map { row in answers.map { logits.pointer[row * logits.columns + Int($0)] } }
    }
}
