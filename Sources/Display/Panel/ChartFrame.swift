import Foundation

/// Axes of a small chart in HTML: rules and words are `div`s that stand in percent, so that the width follows the page
/// and letters keep their size.
struct ChartFrame {
    /// Pixels from the top to the lowest line, and to the highest.
    static let (bottom, top) = (190.0, 6.0)
    /// Pixels of the whole, the two lines of words below included: the same in every state.
    static let height = 226

    /// Whole numbers from 0.
    let total: Int
    let y: ClosedRange<Double>
    private let step: Double

    /// - `range`: what is to be seen; nil where nothing is known yet.
    init(total: Int, showing range: ClosedRange<Double>?) {
        self.total = max(1, total)
        (y, step) = Ticks.widened(range ?? 0...1, parts: 5)
    }

    /// `33.33%`, of a step.
    func left(_ step: Int) -> String { ProgressBar.percent(Double(step) / Double(total)) }

    /// Pixels from the top; what is outside runs along the edge.
    func down(_ value: Double) -> Double {
        let share = (value - y.lowerBound) / (y.upperBound - y.lowerBound)
        return min(Self.bottom, max(2, Self.bottom - share * (Self.bottom - Self.top)))
    }

    /// With one decimal.
    static func pixels(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    // MARK: - Drawn

    /// Rules and the values beside them.
    ///
    /// - `hasValues`: whether the values are known yet.
    func levels(hasValues: Bool) -> [String] {
        let count = Int(((y.upperBound - y.lowerBound) / step).rounded())
        let decimals = min(8, max(0, -Int(floor(log10(step) + 1e-9))))
        return (0...max(1, count)).flatMap { index -> [String] in
            let value = y.lowerBound + Double(index) * step
            let place = Self.pixels(down(value))
            let rule =
                "<div style=\"position:absolute;left:0;width:100%;top:\(place)px;height:1px;"
                + "background:\(index == 0 ? Markup.rule : Markup.faintRule)\"></div>"
            guard hasValues else { return [rule] }
            let text = NumberStyle.fixed(decimals).text(value)
            return [
                rule,
                "<div style=\"position:absolute;left:-42px;width:34px;top:\(Self.pixels(down(value) - 8))px;"
                    + "line-height:16px;font-size:11px;text-align:right\">\(text)</div>",
            ]
        }
    }

    /// A thin rule from top to bottom.
    func upright(at step: Int, isStrong: Bool = false) -> String {
        "<div style=\"position:absolute;left:\(left(step));top:6px;width:1px;height:184px;"
            + "background:\(isStrong ? Markup.rule : Markup.faintRule)\"></div>"
    }

    /// A number below the axis.
    func tick(at step: Int) -> String {
        word("\(NumberStyle.automatic.text(Double(step)))", at: left(step), width: 60, top: 193)
    }

    /// A word in the second line below the axis, in the middle between two steps.
    func word(_ text: String, between first: Int, and last: Int) -> String {
        let middle = ProgressBar.percent(Double(first + last) / Double(2 * total))
        return word(text, at: middle, width: 80, top: 207, isMuted: true)
    }

    /// What the numbers below the axis count.
    func unit(_ text: String) -> String {
        "<div style=\"position:absolute;left:-42px;width:34px;top:193px;line-height:16px;font-size:11px;"
            + "text-align:right;opacity:0.72\">\(text.htmlEscaped)</div>"
    }

    private func word(_ text: String, at place: String, width: Int, top: Int, isMuted: Bool = false) -> String
    {
        "<div style=\"position:absolute;left:\(place);width:\(width)px;margin-left:-\(width / 2)px;top:\(top)px;"
            + "line-height:16px;font-size:11px;text-align:center\(isMuted ? ";opacity:0.72" : "")\">"
            + "\(text.htmlEscaped)</div>"
    }
}
