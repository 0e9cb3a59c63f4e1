import Diagnostics
import Learning

/// What writes texts after prompts, from left to right or otherwise.
package protocol TextWriter: Sendable {
    /// The tokens of a text that goes on.
    func tokens(of prompt: String) -> [Int32]

    /// - `prompts`: tokens of each, 1 or more, with what begins a sequence.
    /// - `onText`: is told of each token, on the caller's thread, each text's in their order.
    /// - Throws: `no-text` and `too-long` before anything is written, `not-finite`, `Interrupted`.
    func write(
        _ prompts: [[Int32]], interruption: Interruption, onText: (WritingProgress) -> Void
    ) throws -> Writing
}

extension Generator: TextWriter {}
