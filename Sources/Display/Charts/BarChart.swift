import JSON

/// One bar a name: class counts, scores of runs; an interval where the value is an estimate.
package struct BarChart: Chart, Hashable {
    package static let kind = "bar"

    package var title: String
    package var names: String
    package var y: Axis
    package var bars: [Bar]
    package var size: ChartSize

    package init(
        title: String, names: String, y: Axis, bars: [Bar], size: ChartSize = ChartSize()
    ) {
        self.title = title
        self.names = names
        self.y = y
        self.bars = bars
        self.size = size
    }

    package struct Bar: Sendable, Hashable {
        package var name: String
        package var value: Double
        package var low: Double?
        package var high: Double?

        package init(_ name: String, _ value: Double, low: Double? = nil, high: Double? = nil) {
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
            if let low = bar.low, let high = bar.high {
                row["low"] = JSON(finite: low)
                row["high"] = JSON(finite: high)
            }
            return .object(row)
        }
    }

    package var vegaLite: JSONObject {
        var position = VegaLite.nominal("name", title: names, order: bars.map(\.name)).object ?? [:]
        position["axis"] = ["labelAngle": .integer(labelsAreLong ? -40 : 0)]
        var layers: [JSON] = [
            [
                "mark": ["type": "bar", "color": .string(Palette.colour(0)), "tooltip": true],
                "encoding": ["y": VegaLite.quantitative("value", y, startsAtZero: true)],
            ]
        ]
        if bars.contains(where: { $0.low != nil }) {
            layers.append([
                "mark": ["type": "rule", "strokeWidth": 2, "color": .string(Palette.colour(4))],
                "transform": [["filter": "isValid(datum.low)"]],
                "encoding": ["y": VegaLite.quantitative("low", y), "y2": ["field": "high"]],
            ])
        }
        return ["encoding": ["x": .object(position)], "layer": .array(layers)]
    }

    private var labelsAreLong: Bool { bars.reduce(0) { $0 + $1.name.displayWidth + 2 } > size.width / 8 }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.label("x", names)
        canvas.prepare("y", y)
        if y.range == nil, !y.isLogarithmic {
            let lowest = bars.map { $0.low ?? $0.value }.filter(\.isFinite).min() ?? 0
            canvas.add(lowest < 0 ? "set xzeroaxis linetype 1 linecolor rgb '#555555'" : "set yrange [0:*]")
        }
        canvas.add("set boxwidth 0.7")
        canvas.add("set xrange [-0.6:\(Double(max(bars.count, 1)) - 0.4)]")
        canvas.ticks("x", bars.map(\.name))
        if labelsAreLong { canvas.add("set xtics rotate by -35") }
        guard bars.contains(where: { y.shows($0.value) }) else { return }
        canvas.plot(
            bars.enumerated().map { [Double($0), $1.value] },
            "using 1:2 with boxes linecolor rgb '\(Palette.colour(0))'")
        let intervals = bars.enumerated().compactMap { index, bar in
            bar.low.flatMap { low in bar.high.map { [Double(index), bar.value, low, $0] } }
        }
        if !intervals.isEmpty {
            canvas.plot(
                intervals, "using 1:2:3:4 with yerrorbars linecolor rgb '#333333' pointtype 0 linewidth 1.5")
        }
    }

    package var summary: String {
        let style = NumberStyle.automatic
        let lines = bars.map { bar in
            guard let low = bar.low, let high = bar.high else {
                return "\(bar.name): \(style.text(bar.value))"
            }
            return "\(bar.name): \(style.text(bar.value)) (\(style.text(low)) to \(style.text(high)))"
        }
        return (["\(y.label) by \(names)"] + (lines.isEmpty ? ["no bars"] : lines)).joined(separator: "\n")
    }
}
