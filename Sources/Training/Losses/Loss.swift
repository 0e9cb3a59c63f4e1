import Compute
import Learning

/// What outputs cost, and where they should go: it computes gradients and runs nothing backward.
package protocol Loss: Sendable {
    /// What an example adds to the number that a batch's loss is divided by.
    func weight(of example: EncodedExample) -> Double

    /// Whether each place's loss is its own. Then outputs come in blocks that may cut an example, so that all
    /// of them are never in memory at once; else an example's outputs come together.
    var isByPlace: Bool { get }

    /// Whether outputs are scores of classes or tokens, of which one is the label: then another loss of classes can stand
    /// in its place.
    var comparesLabels: Bool { get }

    /// The gradient of `scale` times the losses of some outputs, (outputs' rows, columns).
    ///
    /// - `outputs`: one row a place; may be written over where they are disposable.
    /// - `places`: for each example, or piece of one, what is learned there.
    /// - `sum`: is added each loss, unscaled.
    func gradient(
        of outputs: Tensor, _ places: [[Learned]], scale: Float, addingTo sum: inout Double
    ) -> Buffer
}

extension Loss {
    package var comparesLabels: Bool { false }

    /// The weights of its places, unless a loss knows better.
    package func weight(of example: EncodedExample) -> Double {
        example.rows.reduce(0) { $1.learned.reduce($0) { $0 + Double($1.weight) } }
    }
}
