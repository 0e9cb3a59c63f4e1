import CVectorMath
import Compute

/// Where the gradient of one tensor gathers, and what to do with it once it is whole.
package final class GradientSlot: @unchecked Sendable {
    /// The sum so far; nil before the first contribution.
    package private(set) var gradient: Buffer?
    package let count: Int
    private var backward: ((Buffer) throws -> Void)?

    /// Whether `backward` writes over the gradient it is handed, which must then be nobody else's.
    private let writesOver: Bool

    init(count: Int, writesOver: Bool = false, backward: ((Buffer) throws -> Void)? = nil) {
        self.count = count
        self.writesOver = writesOver
        self.backward = backward
    }

    /// Adds a contribution that the caller writes no more.
    ///
    /// The first one is kept as it is, perhaps shared with other slots; a shared sum is never
    /// written to, so residual connections copy nothing.
    package func add(_ contribution: Buffer) {
        precondition(contribution.count >= count, "a gradient of \(contribution.count) values for \(count)")
        guard gradient != nil else {
            gradient = contribution
            return
        }
        let (sum, isFresh) = target()
        precondition(!isFresh)
        lk_add(sum.pointer, contribution.pointer, count)
    }

    /// A buffer that this slot alone holds, to be written or added to by the caller.
    ///
    /// - Returns: the buffer, and whether its contents are undefined (else the caller adds).
    package func target() -> (buffer: Buffer, isFresh: Bool) {
        var held: Buffer?
        swap(&held, &gradient)
        guard held != nil else {
            let fresh = Buffer(count: count)
            gradient = fresh
            return (fresh, true)
        }
        if !isKnownUniquelyReferenced(&held) { held = held?.copyPrefix(count) }
        gradient = held
        return (held ?? Buffer(zeros: count), false)
    }

    /// As `target`, with zeros in place of undefined contents.
    package func zeroedTarget() -> Buffer {
        let (buffer, isFresh) = target()
        if isFresh { buffer.pointer.update(repeating: 0, count: count) }
        return buffer
    }

    /// Gathers into this buffer from now on, added to what it holds.
    func gather(into buffer: Buffer) { gradient = buffer }

    /// Passes the whole gradient on and lets go of everything.
    func run() throws {
        if writesOver, gradient != nil { _ = target() }
        let whole = gradient
        let step = backward
        gradient = nil
        backward = nil
        if let whole, let step { try step(whole) }
    }
}

extension Buffer {
    fileprivate func copyPrefix(_ count: Int) -> Buffer {
        let other = Buffer(count: count)
        other.pointer.update(from: pointer, count: count)
        return other
    }
}
