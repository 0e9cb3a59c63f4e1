import Tensors

/// Turns gradients into changes of parameters; keeps what it needs of the past.
package protocol Optimizer: AnyObject, Sendable {
    /// Applies one step.
    ///
    /// - `gradients`: one for each parameter given at the start, in that order.
    /// - `gradientScale`: multiplies every gradient, as clipping asks.
    func step(gradients: [Buffer], gradientScale: Float, lr: Float)

    /// What a resumed run needs, by name.
    var state: [(name: String, values: Buffer)] { get }
    var stepCount: Int { get }
}
