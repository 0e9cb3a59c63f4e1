import Diagnostics
import JSON

/// How far long work has come: a bar, a percentage, the time left; updated in place.
package struct ProgressView: Displayable, Hashable {
    /// What is being done ("evaluate").
    package var title: String
    package var done: Int
    package var total: Int
    /// What is counted ("example").
    package var unit: String
    /// `26 s left`; empty where that is not known.
    package var timeLeft: String
    package var state: State
    /// Columns that a line of plain text may take.
    package var columns: Int

    package enum State: String, Sendable, Hashable {
        case running
        case finished
        case stopped
    }

    package init(
        title: String, done: Int, total: Int, unit: String = "step", timeLeft: String = "",
        state: State = .running, columns: Int = 80
    ) {
        (self.title, self.done, self.total, self.unit) = (title, done, total, unit)
        (self.timeLeft, self.state, self.columns) = (timeLeft, state, columns)
    }

    package var share: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0 }

    package var value: JSON {
        var object: JSONObject = [
            "title": .string(title), "done": .integer(done), "total": .integer(total),
            "state": .string(state.rawValue),
        ]
        if !timeLeft.isEmpty { object["left"] = .string(timeLeft) }
        return .object(object)
    }

    package func mimeBundle() -> MimeBundle {
        MimeBundle(data: [MimeType.html: .string(html), MimeType.plain: .string(plain)])
    }

    private var counts: String { total > 0 ? "\(done.grouped)/\(total.grouped)" : done.grouped }
    private var bar: ProgressBar { ProgressBar(share: share, state: state) }

    private var line: FactsLine {
        let facts = [FactsLine.Fact(unit, counts)]
        switch state {
        case .running:
            return FactsLine(headline: NumberStyle.wholePercent(share), detail: timeLeft, facts: facts)
        case .finished: return FactsLine(headline: "done", facts: facts)
        case .stopped: return FactsLine(headline: "stopped", facts: facts)
        }
    }

    /// `evaluate 66% ━━━━━━━━━━━╌╌╌╌╌╌╌ 12 s left  example 80/120`
    package var plain: String {
        let rest = line.plain(
            columns: columns - title.displayWidth - 1, bar: state == .running ? bar : nil)
        return "\(title) \(rest)".onOneLine
    }

    /// Once it is over it makes room for what it was about.
    package var html: String {
        guard state == .running else { return Markup.frame([Markup.note(plain)]) }
        var line = line
        line.facts.insert(FactsLine.Fact("", title), at: 0)
        return Markup.frame([bar.html, line.html])
    }
}
