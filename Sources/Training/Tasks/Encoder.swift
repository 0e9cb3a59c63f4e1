import Compute
import Datasets
import Diagnostics
import Learning
import Synchronization

/// How an example becomes rows of tokens, and what is learned where.
package protocol Encoder: Sendable {
    /// Tokens of a row, at most.
    var maxLength: Int { get }

    /// - `randomness`: the run's seed, for encoders that draw (today once a run); nil to be judged.
    /// - Throws: when the example can't be expressed in `maxLength` tokens.
    func encode(_ example: Example, _ randomness: Pass.Randomness?) throws -> EncodedExample

    /// Whether it is known what the answer to an example should be, so that it can be learned and judged.
    func hasAnswer(_ example: Example) -> Bool

    /// The rows by which an encoded example is judged.
    func asked(_ example: EncodedExample) -> EncodedExample

    /// Whether an example's rows need not be worked on together: then each is learned as an example of its own.
    var rowsAreApart: Bool { get }

    /// Whether an example reads otherwise in each epoch, so that nothing that was computed of it is of use in the next.
    var drawsInEpochs: Bool { get }

    /// An encoded example as it is learned in an epoch: what is drawn depends on these three alone, and not on who asks
    /// when.
    ///
    /// - `seed`: the run's; `epoch`: from 0, over all runs on the same weights.
    func drawn(_ example: EncodedExample, seed: UInt64, epoch: Int) -> EncodedExample
}

extension Encoder {
    package func hasAnswer(_ example: Example) -> Bool { example.label != nil }

    package var rowsAreApart: Bool { false }
    package var drawsInEpochs: Bool { false }

    /// As it is judged, unless an encoder draws.
    package func drawn(_ example: EncodedExample, seed: UInt64, epoch: Int) -> EncodedExample { example }

    /// Those that are learned, unless an encoder knows better.
    package func asked(_ example: EncodedExample) -> EncodedExample { example }

    /// The examples in their order, by all workers.
    ///
    /// - Throws: the first example's problem, or `Interrupted`.
    package func encode(
        _ examples: [Example], _ randomness: Pass.Randomness? = nil, workers: Workers,
        interruption: Interruption
    ) throws -> [EncodedExample] {
        let size = 64
        let pieces = (examples.count + size - 1) / size
        let found = Mutex<(parts: [[EncodedExample]], failure: (piece: Int, error: any Error)?)>(
            (Array(repeating: [], count: pieces), nil))
        workers.run(pieces) { [self] piece in
            guard !interruption.isRequested else { return }
            do {
                let range = piece * size..<min(examples.count, (piece + 1) * size)
                let part = try examples[range].map { try encode($0, randomness) }
                found.withLock { $0.parts[piece] = part }
            } catch {
                found.withLock { found in
                    if piece < found.failure?.piece ?? .max { found.failure = (piece, error) }
                }
            }
        }
        try interruption.check()
        let (parts, failure) = found.withLock { $0 }
        if let failure { throw failure.error }
        return parts.flatMap { $0 }
    }
}
