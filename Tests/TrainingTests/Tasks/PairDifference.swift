import Compute
import Datasets
import Learning
import Models
import Testing

@testable import Training

/// How much better the first text of a pair is than the second: each is a row that a head gives a number, and
/// the numbers' difference is to be the pair's score.
final class PairDifference: LearningTask {
    static let declaration = TaskDeclaration(
        "difference", usualLength: 64,
        suits: { $0.template == nil && $0.dataset.pairColumn != nil },
        make: { request, maxLength in PairDifference(request, maxLength: maxLength) })

    let encoder: any Encoder
    let readout: Readout

    private init(_ request: TaskRequest, maxLength: Int) {
        let pooling = request.pooling ?? request.model.defaultPooling
        readout = .head(
            ClassificationHead(
                for: request.model, classes: 1, pooling: pooling, usesPooler: false, seed: request.seed))
        encoder = PairEncoder(
            text: SequenceEncoder(
                model: request.model, tokenizer: request.tokenizer, pooling: pooling, maxLength: maxLength))
    }

    var loss: any Loss { SquaredDifference() }
    var summary: String { "difference of two texts" }
    func judge() -> any Judge { DifferenceJudge() }
}

private struct PairEncoder: Encoder {
    let text: SequenceEncoder
    var maxLength: Int { text.maxLength }

    func hasAnswer(_ example: Example) -> Bool { example.fields["score"] != nil }

    func encode(_ example: Example, _ randomness: Pass.Randomness?) -> EncodedExample {
        let score = example.fields["score"].flatMap(Float.init).map(Target.value)
        let rows = [example.text, example.pair ?? ""].enumerated().flatMap { role, half in
            text.encode(Example(text: half, id: example.id), randomness).rows.map { row in
                Row(
                    ids: row.ids, identity: Row.identity(of: row.ids, role: role),
                    learned: [Learned(score, weight: 0.5)])
            }
        }
        return EncodedExample(rows, truth: score)
    }
}

/// `(a - b - y)²` of a pair's two outputs.
private struct SquaredDifference: Loss {
    var isByPlace: Bool { false }

    func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer {
        var gradient: [Float] = []
        for (pair, learned) in places.enumerated() {
            guard let wanted = learned.first?.target?.value else {
                preconditionFailure("a pair without a value")
            }
            let error = outputs[2 * pair, 0] - outputs[2 * pair + 1, 0] - wanted
            sum += Double(error) * Double(error)
            gradient += [2 * scale * error, -2 * scale * error]
        }
        return Buffer(gradient)
    }
}

/// Mean squared error, and Pearson's correlation.
private struct DifferenceJudge: Judge {
    private var kept = Answers()

    mutating func add(_ outputs: Tensor, _ examples: [EncodedExample], numbered numbers: [Int]) {
        let values = examples.indices.map { [outputs[2 * $0, 0] - outputs[2 * $0 + 1, 0]] }
        kept.add(values, examples, numbered: numbers)
    }

    mutating func merge(_ other: DifferenceJudge) { kept.merge(other.kept) }
    var answers: [Answer] { kept.inOrder }

    var metrics: Metrics {
        let pairs = answers.compactMap { answer in
            answer.truth?.value.map { (Double(answer.values[0]), Double($0)) }
        }
        func mean(_ value: ((Double, Double)) -> Double) -> Double {
            pairs.reduce(0) { $0 + value($1) } / Double(max(1, pairs.count))
        }
        let error = mean { ($0.0 - $0.1) * ($0.0 - $0.1) }
        let (x, y) = (mean { $0.0 }, mean { $0.1 })
        let spread = mean { ($0.0 - x) * ($0.0 - x) } * mean { ($0.1 - y) * ($0.1 - y) }
        let pearson = spread > 0 ? mean { ($0.0 - x) * ($0.1 - y) } / spread.squareRoot() : 0
        return Metrics(
            count: pairs.count, loss: error,
            figures: [.init("mean_squared_error", error), .init("pearson", pearson)])
    }
}

@Suite struct PairDifferenceTests {
    @Test func itsJudgeGivesTheErrorAndTheCorrelation() {
        func metrics(_ outputs: [Float], _ truths: [Float]) -> Metrics {
            var judge = DifferenceJudge()
            let examples = truths.map { EncodedExample([], truth: .value($0)) }
            judge.add(
                Tensor(outputs, rows: outputs.count, columns: 1), examples,
                numbered: Array(examples.indices))
            return judge.metrics
        }
        let right = metrics([1, 0, 3, 1, 2, 2], [1, 2, 0])
        #expect(right.loss == 0 && abs(right.figures[1].value - 1) < 1e-12)
        let wrong = metrics([0, 1, 1, 3, 2, 2], [1, 2, 0])
        #expect(abs(wrong.loss - 20.0 / 3) < 1e-12 && abs(wrong.figures[1].value + 1) < 1e-12)
        #expect(metrics([1, 1, 2, 2], [3, 1]).figures.map(\.value) == [5, 0])
    }
}
