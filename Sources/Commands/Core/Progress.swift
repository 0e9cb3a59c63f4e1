import Diagnostics
import Display

/// The one display of long work: updated in place, at most ten times a second.
///
/// Every long command reports here, and stops here when it is asked to. Where times are switched off only
/// the final state is shown: how often a display was updated would be a matter of time too.
///
/// Used from one thread at a time.
package final class Progress: @unchecked Sendable {
    private var view: ProgressView
    private let output: any Output
    private let interruption: Interruption
    private let surroundings: Surroundings
    private let id: String
    private let began: Double
    private var shown = -Double.infinity
    private let showsTimes: Bool

    /// Seconds between two updates.
    private static let interval = 0.1

    /// - `total`: how many `unit`s there are to do; 0 when that is not known.
    package init(_ title: String, total: Int, unit: String = "step", in context: Context) {
        view = ProgressView(title: title, done: 0, total: total, unit: unit)
        output = context.output
        interruption = context.interruption
        surroundings = context.surroundings
        showsTimes = context.state.settings.showsTimes
        id = "lorikeet-" + context.surroundings.freshName()
        began = context.surroundings.now()
    }

    /// Takes note of how far the work is, and shows it when the last time was long enough ago.
    ///
    /// - `facts`: numbers beside the bar; `timed` ones are left out when times are switched off.
    /// - `point`: the next point of the curve.
    /// - Throws: `Interrupted` when a stop was asked for.
    package func report(
        done: Int, total: Int? = nil, facts: [ProgressView.Fact] = [], timed: [ProgressView.Fact] = [],
        point: Double? = nil
    ) throws {
        view.done = done
        if let total { view.total = total }
        if let point { view.curve.append(point) }
        view.facts = facts + (showsTimes ? timed + timeLeft : [])
        let now = surroundings.now()
        if showsTimes, now - shown >= Self.interval {
            show(at: now)
        }
        try interruption.check()
    }

    /// Leaves the final state; what `facts` say stays, the time left does not.
    package func finish(
        _ state: ProgressView.State = .finished, facts: [ProgressView.Fact], timed: [ProgressView.Fact] = []
    ) {
        view.state = state
        let took = ProgressView.Fact("took", NumberStyle.seconds.text(surroundings.now() - began))
        view.facts = facts + (showsTimes ? timed + [took] : [])
        show(at: surroundings.now())
    }

    /// The same without stopping; for work that polls the interruption itself.
    package func note(done: Int, total: Int) {
        (view.done, view.total) = (done, total)
        view.facts = showsTimes ? timeLeft : []
        let now = surroundings.now()
        if showsTimes, now - began > 0.5, now - shown >= Self.interval { show(at: now) }
    }

    /// Ends a display that `note` has begun, if it has.
    package func finishIfShown(_ state: ProgressView.State) {
        if shown > -.infinity { finish(state, facts: []) }
    }

    private func show(at now: Double) {
        if shown == -.infinity {
            output.display(view.mimeBundle(), id: id)
        } else {
            output.update(view.mimeBundle(), id: id)
        }
        shown = now
    }

    private var timeLeft: [ProgressView.Fact] {
        let elapsed = surroundings.now() - began
        guard view.done > 0, view.total > view.done, elapsed > 1 else { return [] }
        let left = elapsed / Double(view.done) * Double(view.total - view.done)
        return [ProgressView.Fact("left", NumberStyle.seconds.text(left))]
    }
}
