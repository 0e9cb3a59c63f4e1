import Diagnostics
import Learning
import Synchronization
import Tensors

/// Sums shares' gradients in the order of the shares, whichever is ready first.
///
/// A share that is early waits as it is; at most as many wait as there are workers.
final class OrderedSum: @unchecked Sendable {
    private struct State {
        var total: [Buffer?]
        var waiting: [Int: (gradients: [Buffer?], loss: Double)] = [:]
        var next = 0
        var loss = 0.0
        var failure: (index: Int, error: any Error)?
    }

    private let parameters: [Parameter]
    private let state: Mutex<State>
    private var isGathering = false

    init(parameters: [Parameter]) {
        self.parameters = parameters
        state = Mutex(State(total: Array(repeating: nil, count: parameters.count)))
    }

    var hasFailed: Bool { state.withLock { $0.failure != nil } }

    func fail(_ error: any Error, at index: Int) {
        state.withLock { state in
            if let known = state.failure, error is Interrupted || known.index < index { return }
            state.failure = (index, error)
        }
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
        let gradients = parameters.map { pass.gradient(of: $0) }
        state.withLock { state in
            if isGathering {
                state.total = gradients
                state.loss += loss.sum
                return
            }
            state.waiting[index] = (gradients, loss.sum)
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
