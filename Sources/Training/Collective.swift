import Compute

/// Where the gradients of a batch become one: every update of every trainer passes here, whether this
/// process computes the whole batch or several share it.
package protocol Collective: Sendable {
    /// The sum of one batch, still empty.
    ///
    /// - `counts`: values of each gradient.
    /// - `limit`: how many parts that come early are kept at most (see `OrderedSum`).
    func sum(of counts: [Int], limit: Int) -> any GradientSum
}

/// Adds up the gradients of a batch's parts: each a share, or what shares add up to among themselves.
///
/// Parts come when they are ready, from any thread, and are folded in the order of their numbers,
/// since (s0 + s1) + (s2 + s3) has other bytes than ((s0 + s1) + s2) + s3.
package protocol GradientSum: AnyObject, Sendable {
    /// Whether the other parts need not be computed any more.
    var hasFailed: Bool { get }

    /// - `gradients`: one for each parameter, nil where nothing reached it; the sum's own from now on.
    func add(_ gradients: [Buffer?], loss: Double, at index: Int)

    func fail(_ error: any Error, at index: Int)

    /// The sum of all parts, zeros where nothing reached a parameter.
    ///
    /// - Throws: what the first failing part threw.
    func result() throws -> (gradients: [Buffer], loss: Double)
}

/// This process alone.
package struct LocalCollective: Collective {
    package init() {}

    package func sum(of counts: [Int], limit: Int) -> any GradientSum {
        OrderedSum(counts: counts, limit: limit)
    }
}
