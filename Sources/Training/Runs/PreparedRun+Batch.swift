import Datasets

extension PreparedRun {
    /// The examples of its next step, in their order.
    package var nextBatch: [(example: Example, encoded: EncodedExample)] {
        trainer.batch(at: trainer.step).map { (examples[$0], trainer.drawn($0, at: trainer.step)) }
    }
}
