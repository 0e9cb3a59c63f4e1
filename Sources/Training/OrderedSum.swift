import Diagnostics
import Learning
import Synchronization
import Tensors

/// Sums shares' gradients in the order of the shares, whichever is ready first.
///
/// A share that is early is kept as it is. Where `limit` are kept already, the worker that brings
/// another one waits until its turn comes: so no more than `limit` and one for each worker are alive.
/// The share whose turn it is never waits, and workers take shares in ascending order.
final class OrderedSum: @unchecked Sendable {
    private struct State {
        var total: [Buffer?]
        var waiting: [Int: (gradients: [Buffer?], loss: Double)] = [:]
        var next = 0
        var loss = 0.0
        var failure: (index: Int, error: any Error)?
        /// The most that were ever kept.
        var peak = 0
    }

    private let parameters: [Parameter]
    private let state: Mutex<State>
    private let limit: Int
    private let gate = Gate()
    private var isGathering = false

    /// - `limit`: how many early shares are kept at most.
    init(parameters: [Parameter], limit: Int) {
        self.parameters = parameters
        self.limit = limit
        state = Mutex(State(total: Array(repeating: nil, count: parameters.count)))
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

    /// Lets a pass add to the sum itself: for passes that run one after the other.
    func gather(in pass: Pass) {
        isGathering = true
        state.withLock { state in
            for (index, parameter) in parameters.enumerated() {
                let total = state.total[index] ?? Buffer(zeros: parameter.count)
                state.total[index] = nil
                pass.gather(parameter, into: total)
            }
        }
    }

    func add(_ pass: Pass, loss: ShareLoss, at index: Int) {
        add(parameters.map { pass.gradient(of: $0) }, loss: loss.sum, at: index)
    }

    func add(_ gradients: [Buffer?], loss: Double, at index: Int) {
        while !keep(gradients, loss: loss, at: index) {
            gate.wait { state.withLock { isRoom($0, for: index) } }
        }
        gate.open()
    }

    private func isRoom(_ state: borrowing State, for index: Int) -> Bool {
        isGathering || index == state.next || state.waiting.count < limit || state.failure != nil
    }

    /// - Result: false when there is no room.
    private func keep(_ gradients: [Buffer?], loss: Double, at index: Int) -> Bool {
        state.withLock { state in
            guard isRoom(state, for: index) else { return false }
            if isGathering {
                state.total = gradients
                state.loss += loss
                return true
            }
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

    /// - Throws: what the first failing share threw.
    func result() throws -> (gradients: [Buffer], loss: Double) {
        try state.withLock { state in
            if let failure = state.failure { throw failure.error }
            let gradients = zip(parameters, state.total).map { $1 ?? Buffer(zeros: $0.count) }
            return (gradients, state.loss)
        }
    }
}
