import JSON

/// How far long work has come: a bar, the numbers, a small curve; updated in place.
package struct ProgressView: Displayable, Hashable {
    /// What is being done ("train").
    package var title: String
    package var done: Int
    package var total: Int
    /// What is counted ("step").
    package var unit: String
    /// Named numbers beside the bar, already written out: loss, tokens/s, time left.
    package var facts: [Fact]
    /// The curve so far (losses), oldest first.
    package var curve: [Double]
    package var state: State

    package struct Fact: Sendable, Hashable {
        package var name: String
        package var text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }
    }

    package enum State: String, Sendable, Hashable {
        case running
        case finished
        case stopped
    }

    package init(
        title: String, done: Int, total: Int, unit: String = "step", facts: [Fact] = [],
        curve: [Double] = [], state: State = .running
    ) {
        self.title = title
        self.done = done
        self.total = total
        self.unit = unit
        self.facts = facts
        self.curve = curve
        self.state = state
    }

    package var share: Double { total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0 }

    package var value: JSON {
        var object: JSONObject = [
            "title": .string(title), "done": .integer(done), "total": .integer(total),
            "state": .string(state.rawValue),
        ]
        for fact in facts { object[fact.name] = .string(fact.text) }
        return .object(object)
    }

    package func mimeBundle() -> MimeBundle {
        MimeBundle(data: [MimeType.html: .string(html), MimeType.plain: .string(plain)])
    }

    /// `train ━━━━━━━━╌╌╌╌ 66%  step 80/120  loss 0.42`
    package var plain: String {
        let counts = total > 0 ? "\(unit) \(done)/\(total)" : "\(unit) \(done)"
        let details = [counts] + facts.map { "\($0.name) \($0.text)" }
        let head: String
        switch state {
        case .running:
            let filled = Int(share * 24)
            let bar = String(repeating: "━", count: filled) + String(repeating: "╌", count: 24 - filled)
            head = "\(title) \(bar) \(Int(share * 100))%"
        case .finished: head = "\(title) done"
        case .stopped: head = "\(title) stopped"
        }
        return ([head] + details).joined(separator: "  ").onOneLine
    }

    /// Takes text colours from the page; the curve stays inside the one output.
    package var html: String {
        let colour = Palette.colour(state == .stopped ? 1 : state == .finished ? 2 : 0)
        let width = NumberStyle.fixed(1).text(share * 100)
        let counts = total > 0 ? "\(done)/\(total)" : "\(done)"
        let facts = ([Fact(unit, counts)] + facts).map {
            "<span style=\"white-space: nowrap; margin-right: 1.2em\">\($0.name.htmlEscaped) "
                + "<b>\($0.text.htmlEscaped)</b></span>"
        }
        let label = state == .running ? title : "\(title) \(state == .finished ? "done" : "stopped")"
        return """
            <div style="max-width: 42em">
            <div><b>\(label.htmlEscaped)</b></div>
            <div style="height: 8px; border-radius: 4px; overflow: hidden; margin: 4px 0; \
            background: rgba(128, 128, 128, 0.3)"><div style="width: \(width)%; height: 8px; \
            background: \(colour)"></div></div>
            <div>\(facts.joined(separator: " "))</div>
            \(Sparkline(curve).svg(colour: Palette.colour(0)))
            </div>
            """
    }
}
