import Diagnostics

/// The loss of a run as it goes: x is the whole run, so that the curve grows into it.
///
/// Only lines are SVG, which a page that trusts nothing leaves out: then points, numbers and a sentence stay.
package struct PanelChart: Sendable {
    package struct Epoch: Sendable, Hashable {
        package var number: Int
        /// The steps before its first and up to its last.
        package var first, last: Int

        package init(number: Int, first: Int, last: Int) {
            (self.number, self.first, self.last) = (number, first, last)
        }
    }

    package struct Judged: Sendable, Hashable {
        /// As it is said: `2`, `1.33`.
        package var epoch: String
        package var step: Int
        package var loss: Double

        package init(epoch: String, step: Int, loss: Double) {
            (self.epoch, self.step, self.loss) = (epoch, step, loss)
        }
    }

    /// Steps of the whole run, those of earlier ones over the same weights included.
    package var total: Int
    /// The step at which this run began.
    package var beginning: Int
    package var epochs: [Epoch]
    package var curve: LossCurve
    package var validation: [Judged]
    /// The step of the best validation; nil where none is the best.
    package var bestStep: Int?

    package init(
        total: Int, beginning: Int = 0, epochs: [Epoch], curve: LossCurve, validation: [Judged] = [],
        bestStep: Int? = nil
    ) {
        (self.total, self.beginning, self.epochs) = (total, beginning, epochs)
        (self.curve, self.validation, self.bestStep) = (curve, validation, bestStep)
    }

    /// The best validation, where there are several.
    package var best: Judged? {
        guard validation.count > 1 else { return nil }
        return validation.first { $0.step == bestStep && $0.loss.isFinite }
    }

    /// Points that a line has at most.
    package static let limit = 300
    /// Words below the axis.
    private static let mostWords = 6

    // MARK: - Drawn

    package var html: String {
        let frame = ChartFrame(total: total, showing: range)
        let inside =
            frame.levels(hasValues: range != nil) + uprights(frame) + captions(frame) + [lines(frame)]
            + points(frame) + [end(frame), emptiness]
        return """
            <div style="margin:14px 0 0 0">\(legend)
            <div style="padding:4px 46px 0 42px"><div style="position:relative;height:\(ChartFrame.height)px">
            \(inside.filter { !$0.isEmpty }.joined(separator: "\n"))
            </div></div></div>
            """
    }

    /// Of the mean and of validation: single spikes of the raw losses do not lead.
    private var range: ClosedRange<Double>? {
        let values =
            validation.map(\.loss).filter(\.isFinite)
            + (curve.range.map { [$0.lowerBound, $0.upperBound] } ?? [])
        guard let low = values.min(), let high = values.max() else { return nil }
        return low...high
    }

    private var legend: String {
        func entry(_ mark: String, _ text: String) -> String {
            "<span style=\"white-space:nowrap;margin-right:16px\"><span style=\"display:inline-block;\(mark)\">"
                + "</span>\(text)</span>"
        }
        var entries = [
            entry(
                "width:18px;height:3px;border-radius:2px;background:\(Palette.colour(0));margin:0 6px 3px 0",
                "train, smoothed"),
            entry("width:18px;height:2px;background:rgba(26,128,196,0.45);margin:0 6px 3px 0", "each step"),
        ]
        if !validation.isEmpty {
            entries.append(
                entry(
                    "width:8px;height:8px;border-radius:4px;background:\(Palette.colour(1));margin:0 6px 0 0",
                    "validation"))
        }
        if best != nil {
            entries.append(
                entry(
                    "width:9px;height:9px;border-radius:7px;border:2px solid \(Palette.colour(1));margin:0 6px -2px 0",
                    validation.contains { $0.epoch.contains(".") } ? "best validation" : "best epoch"))
        }
        return
            "<div style=\"font-size:12px;line-height:1.6\"><b style=\"font-size:13px;margin-right:16px\">Loss</b>"
            + entries.joined() + "</div>"
    }

    private func uprights(_ frame: ChartFrame) -> [String] {
        let ends = Thinning.evenly(epochs.map(\.last), to: 40)
        let rules = ends.filter { $0 != beginning }.map { frame.upright(at: $0) }
        return beginning > 0 ? rules + [frame.upright(at: beginning, isStrong: true)] : rules
    }

    private func captions(_ frame: ChartFrame) -> [String] {
        let areFew = (2...Self.mostWords).contains(epochs.count)
        let ticks = (areFew ? [0] + epochs.map(\.last) : Self.quarters(total)).map { frame.tick(at: $0) }
        guard epochs.count <= 2 * Self.mostWords else { return [frame.unit("step")] + ticks }
        let named = epochs.filter { $0.last - $0.first > total / 12 }
        return [frame.unit("step")] + ticks
            + named.map { frame.word("epoch \($0.number)", between: $0.first, and: $0.last) }
    }

    /// 0, the end, and round steps between.
    private static func quarters(_ total: Int) -> [Int] {
        let step = max(1, total / 4)
        return Array(stride(from: 0, to: total - step / 2, by: step)) + [total]
    }

    private func lines(_ frame: ChartFrame) -> String {
        func path(_ points: [LossCurve.Point], _ look: String) -> String {
            guard points.count > 1 else { return "" }
            var text = "<path d=\""
            for (index, point) in points.enumerated() {
                text += "\(index == 0 ? "M" : "L")\(point.step),\(ChartFrame.pixels(frame.down(point.loss)))"
            }
            return text + "\" fill=\"none\" \(look) vector-effect=\"non-scaling-stroke\"/>"
        }
        let (blue, orange) = (Palette.colour(0), Palette.colour(1))
        let judged = Thinning.evenly(validation.filter { $0.loss.isFinite }, to: Self.limit).map {
            LossCurve.Point(step: $0.step, loss: $0.loss)
        }
        let samples = curve.thinned(to: Self.limit)
        let drawn = [
            path(
                samples.map { LossCurve.Point(step: $0.step, loss: $0.loss) },
                "stroke=\"\(blue)\" stroke-opacity=\"0.45\" stroke-width=\"1\""),
            path(
                samples.map { LossCurve.Point(step: $0.step, loss: $0.mean) },
                "stroke=\"\(blue)\" stroke-width=\"2.5\" stroke-linejoin=\"round\" stroke-linecap=\"round\""),
            path(judged, "stroke=\"\(orange)\" stroke-width=\"1.5\" stroke-dasharray=\"5 4\""),
        ]
        return "<svg viewBox=\"0 0 \(frame.total) 190\" preserveAspectRatio=\"none\" role=\"img\" "
            + "style=\"display:block;overflow:visible;position:absolute;left:0;top:0;width:100%;height:190px\">"
            + "<desc>\(sentence.htmlEscaped)</desc>\(drawn.joined())</svg>"
    }

    /// What the picture says, for those who do not see it.
    private var sentence: String {
        guard let last = curve.last else { return "Loss curve: no step yet." }
        let style = NumberStyle.loss
        var text =
            "Loss curve: train, smoothed, \(style.text(last.loss)) at step \(last.step.grouped) of \(total.grouped)"
        if let best { text += "; best validation \(style.text(best.loss)) at step \(best.step.grouped)" }
        return text + ". Trust this notebook to see it drawn."
    }

    private func points(_ frame: ChartFrame) -> [String] {
        let orange = Palette.colour(1)
        let shown = validation.filter { $0.loss.isFinite }.suffix(60)
        let dots = shown.map { point in
            "<div title=\"validation loss \(NumberStyle.loss.text(point.loss)) after epoch \(point.epoch)\" "
                + "style=\"position:absolute;left:\(frame.left(point.step));"
                + "top:\(ChartFrame.pixels(frame.down(point.loss)))px;width:8px;height:8px;margin:-4px 0 0 -4px;"
                + "border-radius:4px;background:\(orange)\"></div>"
        }
        guard let best else { return dots }
        let place = frame.down(best.loss)
        let ring =
            "<div style=\"position:absolute;left:\(frame.left(best.step));top:\(ChartFrame.pixels(place))px;"
            + "width:11px;height:11px;margin:-8px 0 0 -8px;border-radius:9px;border:2px solid \(orange)\"></div>"
        return dots + [ring, label(of: best, at: place, frame)]
    }

    /// Above the point, or below where it would meet the edge; before it near the curve's end, whose number stands
    /// beyond.
    private func label(of best: Judged, at place: Double, _ frame: ChartFrame) -> String {
        let isNearEnd = curve.last.map { Double(abs($0.step - best.step)) < 0.12 * Double(total) } ?? false
        let (shift, side) = isNearEnd ? (84, "right") : (45, "center")
        let top = ChartFrame.pixels(place < 34 ? place + 11 : place - 30)
        // On the page's own colour, where it is told, so that no curve runs through the letters.
        return "<div style=\"position:absolute;left:\(frame.left(best.step));top:\(top)px;width:90px;"
            + "margin-left:-\(shift)px;text-align:\(side);font-size:11px;line-height:16px\">"
            + "<span style=\"background:var(--jp-layout-color0,transparent);padding:0 2px\"><b>best</b> "
            + "\(NumberStyle.loss.text(best.loss))</span></div>"
    }

    /// Where the curve has come to.
    private func end(_ frame: ChartFrame) -> String {
        guard let last = curve.last else { return "" }
        let (left, place) = (frame.left(last.step), frame.down(last.loss))
        return
            "<div style=\"position:absolute;left:\(left);top:\(ChartFrame.pixels(place))px;width:9px;height:9px;"
            + "margin:-5px 0 0 -5px;border-radius:5px;background:\(Palette.colour(0))\"></div>"
            + "<div style=\"position:absolute;left:\(left);top:\(ChartFrame.pixels(place - 8))px;margin-left:10px;"
            + "font-size:11px;line-height:16px;white-space:nowrap\"><b>\(NumberStyle.loss.text(last.loss))</b></div>"
    }

    private var emptiness: String {
        guard curve.count == 0 else { return "" }
        return "<div style=\"position:absolute;left:0;width:100%;top:91px;text-align:center;font-size:12px;"
            + "opacity:0.72\">the curve begins with step 1</div>"
    }
}

extension NumberStyle {
    /// Three significant digits, also of a small loss.
    package static var loss: NumberStyle { .significant(3) }
}
