import Datasets
import Testing

@testable import Training

/// What is said of a model that puts every text into one class.
@Suite struct StuckAdviceTests {
    private func dataset(_ counts: [Int]) -> Dataset {
        let examples = counts.enumerated().flatMap { label, count in
            (0..<count).map { Example(text: "\(label) \($0)", label: label, id: 1000 * label + $0) }
        }
        return Dataset(
            name: "d", columns: [], labels: ["ham", "spam"], train: examples, source: "here")
    }

    private func result(_ counts: [[Int]]) -> EvaluationResult {
        let matrix = ConfusionMatrix(labels: ["ham", "spam"], counts: counts)
        let outcome = Evaluator.Outcome(
            answers: [],
            metrics: Metrics(
                count: matrix.total, loss: 0.5, figures: [.init("accuracy", matrix.accuracy)], matrix: matrix),
            tokens: 1, seconds: 1)
        return EvaluationResult(data: "d", split: .validation, outcome: outcome)
    }

    private func said(
        _ train: [Int], lr: Double, usual: Double = 1e-3, steps: Int = 30, _ counts: [[Int]],
        isWeighted: Bool = false
    ) -> String? {
        let rate = StuckAdvice.Rate("lr", lr, written: "\(lr)")
        return StuckAdvice(dataset(train), rates: [rate], usual: usual, isWeighted: isWeighted)
            .remark(after: 2, steps: steps, result(counts))
    }

    @Test func answersThatDifferAreNotStuck() {
        #expect(said([87, 13], lr: 1e-3, [[17, 0], [2, 1]]) == nil)
        // Of one class alone every text is called right so.
        #expect(said([87, 13], lr: 1e-3, [[20, 0], [0, 0]]) == nil)
        // The untuned model is stuck more often than not.
        #expect(said([87, 13], lr: 1e-3, steps: 0, [[17, 0], [3, 0]]) == nil)
    }

    @Test func whatAnEarlierRunCameToIsNotThisOnes() {
        let advice = StuckAdvice(dataset([87, 13]), rates: [], usual: 1e-3, after: 30)
        #expect(advice.remark(after: 2, steps: 30, result([[17, 0], [3, 0]])) == nil)
        #expect(advice.remark(after: 3, steps: 45, result([[17, 0], [3, 0]])) != nil)
    }

    @Test func passesAreSaidAsInTheTable() {
        let advice = StuckAdvice(dataset([87, 13]), rates: [], usual: 1e-3)
        for (epoch, text) in [(2.0, "2"), (1.254, "1.25"), (1.0 / 300, "0.003"), (2.996, "3")] {
            let said = advice.remark(after: epoch, steps: 30, result([[17, 0], [3, 0]]))
            #expect(said?.hasPrefix("after epoch \(text) every") == true, "\(said ?? "")")
        }
    }

    @Test func onlyRatesThatAreThereAreNamed() {
        func said(_ rates: [StuckAdvice.Rate]) -> String? {
            StuckAdvice(dataset([50, 50]), rates: rates, usual: 1e-3)
                .remark(after: 1, steps: 900, result([[17, 0], [3, 0]]))
        }
        let (lr, head) = (
            StuckAdvice.Rate("lr", 2e-5, written: "2e-5"), StuckAdvice.Rate("lr.head", 1e-3, written: "0.001")
        )
        let stuck = "after epoch 1 every text is called ham: try "
        #expect(said([]) == stuck + "more steps (900 so far)")
        #expect(said([head]) == stuck + "more steps (900 so far), or another lr.head (now 0.001)")
        #expect(
            said([lr, head])
                == stuck + "more steps (900 so far), or other rates (now lr 2e-5, lr.head 0.001)")
    }

    @Test func whatIsTriedFirstGoesByTheRun() {
        let stuck = [[17, 0], [3, 0]]
        #expect(
            said([87, 13], lr: 1e-5, stuck)
                == "after epoch 2 every text is called ham: try a higher lr (now 1e-05), or class_weights=balanced "
                + "(87% of the training texts are ham), or more steps (30 so far)")
        #expect(
            said([87, 13], lr: 1e-3, steps: 900, stuck)
                == "after epoch 2 every text is called ham: try class_weights=balanced "
                + "(87% of the training texts are ham), or another lr (now 0.001)")
        #expect(
            said([87, 13], lr: 1e-3, steps: 900, stuck, isWeighted: true)
                == "after epoch 2 every text is called ham: try more steps (900 so far), or another lr (now 0.001)"
        )
        // Even classes need no weights, and the rarer one is no majority.
        #expect(
            said([50, 50], lr: 1e-2, steps: 900, stuck)
                == "after epoch 2 every text is called ham: try a lower lr (now 0.01)")
        #expect(said([87, 13], lr: 1e-3, [[0, 17], [0, 3]])?.contains("class_weights") == false)
    }
}
