import Datasets
import Learning
import Models
import Tensors
import Training

/// Every next token, or every token itself where the model looks both ways.
package final class NextToken: Objective {
    package let isCausal: Bool
    package init(isCausal: Bool) { self.isCausal = isCausal }

    package var labels: [String] { [] }
    package var parameters: [Parameter] { [] }
    package var summary: String { "every token" }
    package func encode(_ example: Example) -> EncodedExample { EncodedExample(ids: [0], identity: 0) }
    package func termCount(_ example: EncodedExample) -> Int { example.ids.count - (isCausal ? 1 : 0) }

    package func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        var rows: [Int] = []
        var wanted: [Int32] = []
        for (index, example) in examples.enumerated() {
            for position in 0..<termCount(example) {
                rows.append(pass.layout.starts[index] + position)
                wanted.append(example.ids[position + (isCausal ? 1 : 0)])
            }
        }
        let logits = try model.vocabularyLogits(pass.gather(h, rows: rows), pass)
        let result = CrossEntropy.evaluate(
            logits, labels: wanted, factors: [Float](repeating: scale, count: wanted.count))
        if let gradient = result.gradient { try pass.backward(from: logits, gradient: gradient) }
        return ShareLoss(sum: result.losses.reduce(0) { $0 + Double($1) }, terms: wanted.count, correct: 0)
    }

    package func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] { [] }
}

/// A head over examples that are encoded already.
package final class HeadOnly: Objective {
    package let head: ClassificationHead
    package init(head: ClassificationHead) { self.head = head }

    package var labels: [String] { ["0", "1"] }
    package var parameters: [Parameter] { head.parameters }
    package func unread(of model: any LanguageModel) -> [Parameter] { head.unread(of: model) }
    package var summary: String { "a head" }
    package func encode(_ example: Example) -> EncodedExample { EncodedExample(ids: [0], identity: 0) }
    package func termCount(_ example: EncodedExample) -> Int { 1 }

    package func learn(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, scale: Float, _ pass: Pass
    ) throws -> ShareLoss {
        let logits = try head.logits(h, pass)
        let result = CrossEntropy.evaluate(
            logits, labels: examples.map { Int32($0.label ?? 0) },
            factors: [Float](repeating: scale, count: examples.count))
        if let gradient = result.gradient { try pass.backward(from: logits, gradient: gradient) }
        return ShareLoss(
            sum: result.losses.reduce(0) { $0 + Double($1) }, terms: examples.count, correct: 0)
    }

    package func scores(
        _ h: Tensor, _ examples: [EncodedExample], model: any LanguageModel, _ pass: Pass
    ) throws -> [[Float]] {
        let logits = try head.logits(h, pass)
        return (0..<logits.rows).map { row in (0..<2).map { logits.pointer[2 * row + $0] } }
    }

    package func firstRead(of example: EncodedExample) -> Int {
        head.pooling == .last ? example.ids.count - 1 : 0
    }
}
