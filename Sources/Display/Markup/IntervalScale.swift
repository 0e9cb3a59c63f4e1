/// A share with its interval on a thin scale from 0 to 100%, and what is reached without any skill as a tick.
package struct IntervalScale: Sendable, Hashable {
    /// All from 0 to 1.
    package let share: Double
    package let interval: ClosedRange<Double>
    package let baseline: Double
    /// Of how many texts: decides the decimals.
    package let count: Int

    package init(_ share: Double, in interval: ClosedRange<Double>, baseline: Double, count: Int) {
        (self.share, self.interval, self.baseline, self.count) = (share, interval, baseline, count)
    }

    private var baselineText: String { "baseline \(NumberStyle.points(of: count).text(baseline * 100))" }

    // MARK: - HTML

    package var html: String {
        let (low, high) = (interval.lowerBound, interval.upperBound)
        return """
            <div style="padding:0 16px 0 6px">\
            <div style="position:relative;width:\(Self.width)px;height:22px">\
            <div style="position:absolute;left:0;width:100%;top:10px;height:2px;background:rgba(128,128,128,0.25)"></div>\
            <div style="position:absolute;left:\(percent(low));width:\(percent(high - low));top:7px;height:8px;\
            border-radius:4px;background:rgba(26,128,196,0.4)"></div>\
            <div style="position:absolute;left:\(percent(share));top:5px;width:12px;height:12px;margin-left:-6px;\
            border-radius:6px;background:\(Palette.colour(0))"></div>\
            <div title="\(baselineText)" style="position:absolute;left:\(percent(baseline));top:1px;width:0;height:20px;\
            border-left:2px solid"></div></div>\
            <div style="position:relative;width:\(Self.width)px;height:14px;font-size:11px;line-height:14px">\(words)</div></div>
            """
    }

    /// The ends give way to the baseline's words where these come too near.
    private var words: String {
        // What stands beside the scale begins where it ends.
        let room = 45.0 / Double(Self.width)
        var words = [
            (
                "left:\(percent(min(1 - room, max(room, baseline))));width:90px;margin-left:-45px;text-align:center",
                baselineText
            )
        ]
        if baseline > 0.24 { words.append(("left:0", "0%")) }
        if baseline < 0.76 { words.append(("right:0", "100%")) }
        return words.map { place, text in
            "<span style=\"position:absolute;\(place);opacity:\(Markup.mutedOpacity)\">\(text)</span>"
        }.joined()
    }

    /// CSS pixels.
    private static let width = 260

    private func percent(_ share: Double) -> String { NumberStyle.fixed(1).text(share * 100) + "%" }

    // MARK: - Text

    /// Two lines: `0% ──│──━━●━━── 100%`, and under it what the tick is.
    package var plain: String {
        let width = 50
        func place(_ share: Double) -> Int { Int((min(1, max(0, share)) * Double(width - 1)).rounded()) }
        var marks = [Character](repeating: "─", count: width)
        for index in place(interval.lowerBound)...place(interval.upperBound) { marks[index] = "━" }
        marks[place(baseline)] = "│"
        marks[place(share)] = "●"
        let start = max(0, min(width - baselineText.count, place(baseline) - baselineText.count / 2))
        return "0% \(String(marks)) 100%\n" + String(repeating: " ", count: 3 + start) + baselineText
    }
}
