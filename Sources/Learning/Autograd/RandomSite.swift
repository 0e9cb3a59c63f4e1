import System

/// A place of a model where randomness is used, known by its path.
///
/// What is drawn there depends on seed, step and path, and not on what was drawn before it: an operation
/// that runs twice in a pass, or in another order, draws the same numbers.
package struct RandomSite: Sendable, Hashable {
    let number: UInt64

    /// - `path`: of the layer and the use in it, such as `encoder.layer.0.attention.self.query.lora_dropout`.
    package init(_ path: String) {
        var random = CounterRandom(seed: 0, purpose: path)
        number = random.next()
    }
}
