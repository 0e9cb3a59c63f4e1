import Compute
import Datasets
import Learning
import Synchronization

@testable import Training

/// A task that tells what is asked of its parts.
final class WatchedTask: LearningTask {
    /// Places of each example, or piece of one, at each call of the loss.
    let calls = Mutex<[[Int]]>([])
    let encodings = Atomic<Int>(0)
    let couplesExamples: Bool
    private let inner: any LearningTask
    private let isByPlace: Bool

    init(_ inner: any LearningTask, isByPlace: Bool = true, couplesExamples: Bool = false) {
        (self.inner, self.isByPlace, self.couplesExamples) = (inner, isByPlace, couplesExamples)
    }

    var readout: Readout { inner.readout }
    var labels: [String] { inner.labels }
    var summary: String { inner.summary }
    func judge() -> any Judge { inner.judge() }
    var encoder: any Encoder { WatchedEncoder(task: self, inner: inner.encoder) }
    var loss: any Loss { WatchedLoss(task: self, inner: inner.loss, isByPlace: isByPlace) }

    private struct WatchedEncoder: Encoder {
        let task: WatchedTask
        let inner: any Encoder
        var maxLength: Int { inner.maxLength }

        func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample {
            task.encodings.add(1, ordering: .relaxed)
            return try inner.encode(example, randomness)
        }
        func hasAnswer(_ example: Example) -> Bool { inner.hasAnswer(example) }
        func asked(_ example: EncodedExample) -> EncodedExample { inner.asked(example) }
    }

    private struct WatchedLoss: Loss {
        let task: WatchedTask
        let inner: any Loss
        let isByPlace: Bool

        func weight(of example: EncodedExample) -> Double { inner.weight(of: example) }
        func gradient(
            of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
        ) -> Buffer {
            task.calls.withLock { $0.append(places.map(\.count)) }
            return inner.gradient(of: outputs, places, scale: scale, addingTo: &sum)
        }
    }
}
