import Compute
import Diagnostics
import Synchronization
import System

/// Sums the gradients of parts in the order of the parts, whichever is ready first.
///
/// A part that is early is kept as it is. Where `limit` are kept already, the worker that brings
/// another one waits until its turn comes: so no more than `limit` and one for each worker are alive.
/// The part whose turn it is never waits, and workers take parts in ascending order.
final class OrderedSum: GradientSum {
    private struct State {
        var total: [Buffer?]
        var waiting: [Int: (gradients: [Buffer?], loss: Double)] = [:]
        var next = 0
        var loss = 0.0
        var failure: (index: Int, error: any Error)?
        /// The most that were ever kept.
        var peak = 0
    }

    private let counts: [Int]
    private let state: Mutex<State>
    private let limit: Int
    private let gate = Gate()

    /// - `counts`: values of each gradient.
    /// - `limit`: how many early parts are kept at most.
    init(counts: [Int], limit: Int) {
        self.counts = counts
        self.limit = limit
        state = Mutex(State(total: Array(repeating: nil, count: counts.count)))
    }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }
    var peak: Int { state.withLock { $0.peak } }

    func fail(_ error: any Error, at index: Int) {
        state.withLock { state in
            if let known = state.failure, error is Interrupted || known.index < index { return }
            state.failure = (index, error)
        }
        gate.open()
    }

    func add(_ gradients: [Buffer?], loss: Double, at index: Int) {
        while !keep(gradients, loss: loss, at: index) {
            gate.wait { state.withLock { isRoom($0, for: index) } }
        }
        gate.open()
    }

    private func isRoom(_ state: borrowing State, for index: Int) -> Bool {
        index == state.next || state.waiting.count < limit || state.failure != nil
    }

    /// - Result: false when there is no room.
    private func keep(_ gradients: [Buffer?], loss: Double, at index: Int) -> Bool {
        state.withLock { state in
            guard isRoom(state, for: index) else { return false }
            state.waiting[index] = (gradients, loss)
            while let ready = state.waiting.removeValue(forKey: state.next) {
                for (place, gradient) in ready.gradients.enumerated() {
                    guard let gradient else { continue }
                    if let total = state.total[place] {
                        total.add(gradient)
                    } else {
                        state.total[place] = gradient
                    }
                }
                state.loss += ready.loss
                state.next += 1
            }
            state.peak = max(state.peak, state.waiting.count)
            return true
        }
    }

    func result() throws -> (gradients: [Buffer], loss: Double) {
        try state.withLock { state in
            if let failure = state.failure { throw failure.error }
            let gradients = zip(counts, state.total).map { $1 ?? Buffer(zeros: $0) }
            return (gradients, state.loss)
        }
    }
}
