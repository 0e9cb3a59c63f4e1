/// A bar of six pixels with a mark wherever an epoch ends.
package struct ProgressBar: Sendable, Hashable {
    /// From 0 to 1.
    package var share: Double
    /// Where marks stand, from 0 to 1.
    package var marks: [Double]
    package var state: ProgressView.State

    /// So many marks are told apart; more are left out.
    private static let mostMarks = 40

    package init(share: Double, marks: [Double] = [], state: ProgressView.State = .running) {
        self.share = share.isFinite ? min(1, max(0, share)) : 0
        self.marks = marks.filter { $0 > 0 && $0 < 1 }
        self.state = state
    }

    private var colour: String {
        switch state {
        case .running: Palette.colour(0)
        case .finished: Palette.colour(2)
        case .stopped: Palette.neutral
        }
    }

    package var html: String {
        let shown = marks.count > Self.mostMarks ? [] : marks
        let lines = shown.map { mark in
            "<div style=\"position:absolute;left:\(Self.percent(mark));top:0;width:2px;height:6px;"
                + "margin-left:-1px;background:rgba(128,128,128,0.7)\"></div>"
        }
        return
            "<div style=\"position:relative;height:6px;border-radius:3px;overflow:hidden;"
            + "background:\(Markup.faintRule);margin:2px 0 6px 0\"><div style=\"width:\(Self.percent(share));"
            + "height:6px;background:\(colour)\"></div>\(lines.joined())</div>"
    }

    /// `━━━━╌╌╌╌` in so many letters.
    package func plain(_ width: Int) -> String {
        let filled = min(share < 1 ? width - 1 : width, Int((share * Double(width)).rounded()))
        return String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
    }

    /// `33.33%`
    static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)%"
    }
}
