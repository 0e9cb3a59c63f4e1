import JSON

/// One bar a name, lying, from the top: class counts, scores of runs; an interval where the value is an estimate.
package struct BarChart: Chart, Hashable {
    package static let kind = "bar"

    package var title: String
    /// What the bars stand for, as the words for those who do not see them say: the title tells the others.
    package var names: String
    package var y: Axis
    package var bars: [Bar]
    package var subtitle: [String]
    package var size: ChartSize

    /// - `size`: nil gives each bar the same height.
    package init(
        title: String, subtitle: [String] = [], names: String, y: Axis, bars: [Bar], size: ChartSize? = nil
    ) {
        self.title = title
        self.subtitle = subtitle
        self.names = names
        self.y = y
        self.bars = bars
        self.size = size ?? ChartSize(height: min(1200, 100 + 16 * subtitle.count + 28 * bars.count))
    }

    package struct Bar: Sendable, Hashable {
        package var name: String
        package var value: Double
        package var low: Double?
        package var high: Double?
        /// What stands at its end; nil leaves the value to the axis.
        package var label: String?

        package init(
            _ name: String, _ value: Double, low: Double? = nil, high: Double? = nil, label: String? = nil
        ) {
            self.label = label
            self.name = name
            self.value = value
            self.low = low
            self.high = high
        }
    }

    package static var example: BarChart {
        BarChart(
            title: "Accuracy", names: "method", y: Axis("accuracy", range: 0...1),
            bars: [Bar("zero-shot", 0.52, low: 0.45, high: 0.59), Bar("lora", 0.88, low: 0.83, high: 0.92)])
    }

    package var rows: [JSON] {
        bars.map { bar in
            var row: JSONObject = ["name": .string(bar.name), "value": JSON(finite: bar.value)]
            if let label = bar.label { row["label"] = .string(label.onOneLine) }
            if let low = bar.low, let high = bar.high {
                row["low"] = JSON(finite: low)
                row["high"] = JSON(finite: high)
            }
            return .object(row)
        }
    }

    package var vegaLite: JSONObject {
        var position = VegaLite.nominal("name", title: nil, order: bars.map(\.name)).object ?? [:]
        position["axis"] = ["labelFontSize": 12, "grid": false]
        var length = VegaLite.quantitative("value", shown, startsAtZero: true).object ?? [:]
        // Where each bar says its value an axis would say it again.
        if isLabelled { length["axis"] = .null }
        var layers: [JSON] = [
            [
                "mark": [
                    "type": "bar", "color": .string(Palette.colour(0)), "tooltip": true,
                    "height": ["band": 0.68], "cornerRadiusEnd": 2,
                ]
            ]
        ]
        if bars.contains(where: { $0.low != nil }) {
            layers.append([
                "mark": ["type": "rule", "strokeWidth": 2, "color": "currentColor"],
                "transform": [["filter": "isValid(datum.low)"]],
                "encoding": ["x": VegaLite.quantitative("low", shown), "x2": ["field": "high"]],
            ])
        }
        if isLabelled {
            layers.append([
                "mark": ["type": "text", "align": "left", "dx": 6, "fontSize": 12],
                "encoding": ["text": ["field": "label", "type": "nominal"]],
            ])
        }
        return [
            "encoding": ["y": .object(position), "x": .object(length)], "layer": .array(layers),
        ]
    }

    private var isLabelled: Bool { bars.contains { $0.label != nil } }

    /// The axis with room for what stands at the bars' ends.
    private var shown: Axis {
        var axis = y
        let most = bars.map(\.value).filter(\.isFinite).max() ?? 1
        if isLabelled, axis.range == nil, !axis.isLogarithmic, most > 0 { axis.range = 0...most * 1.2 }
        return axis
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", shown)
        if isLabelled {
            canvas.add("unset xtics")
            canvas.add("unset xlabel")
        } else if y.range == nil, !y.isLogarithmic {
            let lowest = bars.map { $0.low ?? $0.value }.filter(\.isFinite).min() ?? 0
            canvas.add(lowest < 0 ? "set yzeroaxis linetype 1 linecolor rgb '#555555'" : "set xrange [0:*]")
        }
        canvas.add("set yrange [\(Double(max(bars.count, 1)) - 0.4):-0.6]")
        canvas.ticks("y", bars.map(\.name))
        canvas.add("unset grid")
        guard bars.contains(where: { y.shows($0.value) }) else { return }
        for (index, bar) in bars.enumerated() {
            guard let label = bar.label, y.shows(bar.value) else { continue }
            canvas.add(
                "set label \(GnuplotScript.quote(label)) at first \(GnuplotScript.number(bar.value)),\(index) "
                    + "left offset character 0.6,0")
        }
        canvas.plot(
            bars.enumerated().map { index, bar in
                [bar.value / 2, Double(index), 0, bar.value, Double(index) - 0.34, Double(index) + 0.34]
            }, "using 1:2:3:4:5:6 with boxxyerror linecolor rgb '\(Palette.colour(0))'")
        let intervals = bars.enumerated().compactMap { index, bar in
            bar.low.flatMap { low in bar.high.map { [bar.value, Double(index), low, $0] } }
        }
        if !intervals.isEmpty {
            canvas.plot(
                intervals, "using 1:2:3:4 with xerrorbars linecolor rgb '#333333' pointtype 0 linewidth 1.5")
        }
    }

    package var summary: String {
        let style = NumberStyle.automatic
        let lines = bars.map { bar in
            if let label = bar.label { return "\(bar.name): \(label)" }
            guard let low = bar.low, let high = bar.high else {
                return "\(bar.name): \(style.text(bar.value))"
            }
            return "\(bar.name): \(style.text(bar.value)) (\(style.text(low)) to \(style.text(high)))"
        }
        return (subtitle + ["\(y.label) by \(names)"] + (lines.isEmpty ? ["no bars"] : lines)).joined(
            separator: "\n")
    }
}
