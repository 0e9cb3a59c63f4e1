import Diagnostics
import Display

/// The one display of long work other than training: updated in place, at most ten times a second.
///
/// Where times are switched off nothing is shown: how often a display was updated would be a matter of time too.
///
/// Used from one thread at a time.
package final class Progress: @unchecked Sendable {
    private var view: ProgressView
    private let output: any Output
    private let surroundings: Surroundings
    private let id: String
    private let began: Double
    private var shown = -Double.infinity
    private var lines = WideningInterval()
    private var secondsLeft: Double?
    private let showsTimes: Bool

    /// Seconds between two updates.
    private static let interval = 0.1

    /// - `total`: how many `unit`s there are to do; 0 when that is not known.
    package init(_ title: String, total: Int, unit: String = "step", in context: Context) {
        view = ProgressView(
            title: title, done: 0, total: total, unit: unit, columns: context.output.lineColumns)
        output = context.output
        surroundings = context.surroundings
        showsTimes = context.state.settings.showsTimes
        id = "lorikeet-" + context.surroundings.freshName()
        began = context.surroundings.now()
    }

    /// Takes note of how far the work is, and shows it when the last time was long enough ago.
    package func note(done: Int, total: Int) {
        (view.done, view.total) = (done, total)
        let now = surroundings.now()
        let elapsed = now - began
        let isKnown = done > 0 && total > done && elapsed > 1
        secondsLeft = isKnown ? elapsed / Double(done) * Double(total - done) : nil
        view.timeLeft = secondsLeft.map(TimeLeft.text) ?? ""
        guard showsTimes, elapsed > 0.5 else { return }
        if !output.updatesInPlace {
            if lines.isDue(at: now) { output.note(view.plain) }
        } else if now - shown >= Self.interval {
            show(at: now)
        }
    }

    /// Ends a display that `note` has begun, if it has: what is done needs no word, since its result stands below.
    package func finishIfShown(_ state: ProgressView.State) {
        guard shown > -.infinity else { return }
        guard state != .finished else { return output.update(MimeBundle(plain: ""), id: id) }
        (view.state, view.timeLeft) = (state, "")
        show(at: surroundings.now())
    }

    private func show(at now: Double) {
        var bundle = view.mimeBundle()
        if view.state == .running {
            bundle = bundle.telling(
                ProgressData(verb: view.title, share: view.share, secondsLeft: secondsLeft))
        }
        if shown == -.infinity {
            output.display(bundle, id: id)
        } else {
            output.update(bundle, id: id)
        }
        shown = now
    }
}

/// Moments at wider and wider intervals: the first at once, then after two seconds, four, eight, up to ten minutes.
struct WideningInterval {
    private var next = -Double.infinity
    private var width = 2.0

    mutating func isDue(at now: Double) -> Bool {
        guard now >= next else { return false }
        next = now + width
        width = min(600, 2 * width)
        return true
    }
}

extension Output {
    /// Columns of a line that is not to be wrapped: the terminal's, 80 where nobody knows.
    var lineColumns: Int { columns == .max ? 80 : max(20, columns - 1) }
}
