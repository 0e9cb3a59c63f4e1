import Tensors

/// Where gradients of several machines will be summed: every step of every trainer passes here.
package protocol GradientReducer: Sendable {
    /// Adds up each gradient, and the loss sum, over all machines, in place.
    func reduce(_ gradients: [Buffer], lossSum: inout Double)
}

/// One machine: nothing to add.
package struct LocalReducer: GradientReducer {
    package init() {}

    package func reduce(_ gradients: [Buffer], lossSum: inout Double) {}
}
