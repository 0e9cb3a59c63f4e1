import Diagnostics
import JSON

/// Curves over a common axis: losses by step, accuracy by number of examples.
package struct LineChart: Chart, Hashable {
    package static let kind = "line"

    package var title: String
    package var subtitle: [String]
    package var x: Axis
    package var y: Axis
    package var series: [Series]
    /// Levels to compare with, drawn across.
    package var rules: [Rule]
    /// Places that stand out, with their names.
    package var marks: [Mark]
    package var size: ChartSize

    package init(
        title: String, subtitle: [String] = [], x: Axis, y: Axis, series: [Series], rules: [Rule] = [],
        marks: [Mark] = [], size: ChartSize = ChartSize()
    ) {
        self.title = title
        (self.subtitle, self.rules, self.marks) = (subtitle, rules, marks)
        self.x = x
        self.y = y
        self.series = series.map { $0.thinned(to: 600) }
        self.size = size
    }

    package struct Series: Sendable, Hashable {
        package var name: String
        package var points: [Point]
        package var style: Style

        package init(_ name: String, _ points: [Point], style: Style = .line) {
            self.name = name
            self.points = points
            self.style = style
        }

        package init(_ name: String, _ values: [(x: Double, y: Double)], style: Style = .line) {
            self.init(name, values.map { Point($0.x, $0.y) }, style: style)
        }
    }

    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double
        /// The bounds of an interval around `y`, drawn as a band.
        package var low: Double?
        package var high: Double?

        package init(_ x: Double, _ y: Double, low: Double? = nil, high: Double? = nil) {
            self.x = x
            self.y = y
            self.low = low
            self.high = high
        }
    }

    package struct Rule: Sendable, Hashable {
        package var name: String
        package var y: Double

        package init(_ name: String, at y: Double) { (self.name, self.y) = (name, y) }
    }

    /// A dashed line from the axis up, a point on the curve, and a name beside it.
    package struct Mark: Sendable, Hashable {
        package var name: String
        package var x: Double
        package var y: Double

        package init(_ name: String, x: Double, y: Double) { (self.name, self.x, self.y) = (name, x, y) }
    }

    package enum Style: String, Sendable, Hashable {
        case line
        /// A line with a mark at every point: few, measured values.
        case points
        /// Constant from one point to the next: schedules.
        case step
    }
}

extension LineChart.Series {
    /// At most about `limit` points.
    func thinned(to limit: Int) -> Self {
        var copy = self
        copy.points = Thinning.indices(of: points.map(\.y), to: limit).map { points[$0] }
        return copy
    }

    /// `train: 2.31 at 1 to 0.42 at 120, lowest 0.39 at 112 (120 points)`
    fileprivate func summary(_ style: NumberStyle) -> String {
        let drawn = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard let first = drawn.first, let last = drawn.last else { return "\(name): no values" }
        func place(_ point: LineChart.Point) -> String {
            "\(style.text(point.y)) at \(NumberStyle.automatic.text(point.x))"
        }
        if drawn.count == 1 { return "\(name): \(place(first))" }
        let lowest = drawn.min { $0.y < $1.y } ?? first
        let highest = drawn.max { $0.y < $1.y } ?? first
        return "\(name): \(place(first)) to \(place(last)), lowest \(place(lowest)), "
            + "highest \(place(highest)) (\(drawn.count.grouped) points)"
    }
}

extension LineChart {
    package static var example: LineChart {
        LineChart(
            title: "Loss", x: Axis("step"), y: Axis("loss", unit: "nats"),
            series: [
                Series("train", (1...20).map { (x: Double($0), y: 2 / Double($0).squareRoot()) }),
                Series(
                    "validation",
                    [Point(10, 0.9, low: 0.8, high: 1), Point(20, 0.7, low: 0.6, high: 0.8)], style: .points),
            ])
    }

    package var rows: [JSON] {
        series.flatMap { series in
            series.points.filter { x.shows($0.x) }.map { point in
                var row: JSONObject = [
                    "series": .string(series.name), "x": .number(point.x),
                    "y": JSON(finite: y.shows(point.y) ? point.y : .nan),
                ]
                if let low = point.low, let high = point.high {
                    row["low"] = JSON(finite: low)
                    row["high"] = JSON(finite: high)
                }
                return .object(row)
            }
        }
    }

    package var vegaLite: JSONObject {
        var encoding: JSONObject = [
            "x": VegaLite.quantitative("x", x), "y": VegaLite.quantitative("y", untitled),
        ]
        for (key, value) in VegaLite.series("series", names: series.map(\.name), isDashed: true) {
            encoding[key] = value
        }
        let isBanded = series.contains { $0.points.contains { $0.low != nil } }
        var layers: [JSON] = isBanded ? [band] : []
        layers += rules.filter(\.y.isFinite).flatMap { rule($0) }
        layers.append(.object(["mark": mark(isStep: false), "transform": filter(.line)]))
        if series.contains(where: { $0.style == .step }) {
            layers.append(.object(["mark": mark(isStep: true), "transform": filter(.step)]))
        }
        if series.contains(where: { $0.style == .points }) {
            layers.append(["mark": mark(isStep: false), "transform": filter(.points)])
            layers.append([
                "mark": ["type": "point", "filled": true, "opacity": 1, "size": 60, "tooltip": true],
                "transform": filter(.points), "encoding": ["strokeDash": ["value": [1, 0]]],
            ])
        }
        layers += marks.filter { x.shows($0.x) && y.shows($0.y) }.flatMap { mark($0) }
        return ["encoding": .object(encoding), "layer": .array(layers)]
    }

    /// The title says what y is.
    var untitled: Axis {
        var axis = y
        (axis.title, axis.unit) = ("", nil)
        return axis
    }

    private var band: JSON {
        [
            "mark": ["type": "area", "opacity": 0.22],
            "transform": [["filter": "isValid(datum.low)"]],
            "encoding": [
                "y": VegaLite.quantitative("low", untitled), "y2": ["field": "high"],
                "strokeDash": ["value": [1, 0]],
            ],
        ]
    }

    /// A dashed line across, with its name at the right.
    private func rule(_ rule: Rule) -> [JSON] {
        let grey: JSON = ["value": .string(Palette.neutral)]
        // Of the series' encoding y stays: a datum beside its field would not be heard.
        let data: JSON = ["values": [["y": .number(rule.y)]]]
        return [
            [
                "data": data, "mark": ["type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5],
                "encoding": ["x": nil, "color": grey, "strokeDash": ["value": [4, 3]]],
            ],
            [
                "data": data,
                "mark": ["type": "text", "align": "right", "dy": -7, "text": .string(rule.name.onOneLine)],
                "encoding": [
                    "x": ["value": "width"], "color": ["value": "currentColor"],
                    "strokeDash": ["value": [1, 0]],
                ],
            ],
        ]
    }

    private func mark(isStep: Bool) -> JSON {
        var mark: JSONObject = [
            "type": "line", "strokeWidth": 2, "tooltip": true,
            "interpolate": isStep ? "step-after" : "linear",
        ]
        if leavesFrame { mark["clip"] = true }
        return .object(mark)
    }

    /// Whether there are points above or below what is shown.
    private var leavesFrame: Bool {
        guard let range = y.range else { return false }
        return series.contains { $0.points.contains { $0.y.isFinite && !range.contains($0.y) } }
    }

    /// Keeps the rows of the series that are drawn in one style.
    private func filter(_ style: Style) -> JSON {
        let names = series.filter { $0.style == style }.map { JSON.string($0.name) }
        return [["filter": ["field": "series", "oneOf": .array(names)]]]
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", x)
        canvas.prepare("y", untitled)
        for (index, series) in series.enumerated() where series.points.contains(where: isDrawn) {
            let band = series.points.compactMap { point in
                point.low.flatMap { low in point.high.map { [point.x, low, $0] } }
            }
            if !band.isEmpty {
                canvas.plot(
                    band,
                    "using 1:2:3 with filledcurves fillstyle transparent solid 0.22 noborder "
                        + "linecolor rgb '\(Palette.colour(index))'")
            }
            let colour = "linecolor rgb '\(Palette.colour(index))'"
            let dash = Palette.dash(index)
            let pattern =
                dash.isEmpty ? "dashtype solid" : "dashtype (\(dash.map(String.init).joined(separator: ",")))"
            let style =
                switch series.style {
                case .line: "with lines \(colour) \(pattern)"
                case .points: "with linespoints \(colour) \(pattern) pointtype 7 pointsize 0.7"
                case .step: "with steps \(colour) \(pattern)"
                }
            canvas.plot(
                series.points.map { isDrawn($0) ? [$0.x, $0.y] : [$0.x, .nan] },
                "using 1:2 \(style) linewidth 2", title: self.series.count > 1 ? series.name : nil)
        }
        for rule in rules where rule.y.isFinite {
            let place = GnuplotScript.number(rule.y)
            canvas.add(
                "set arrow from graph 0, first \(place) to graph 1, first \(place) nohead back "
                    + "linecolor rgb '#808080' linewidth 1.5 dashtype (4,3)")
            canvas.add(
                "set label \(GnuplotScript.quote(rule.name)) at graph 0.99, first \(place) right "
                    + "offset character 0,0.7 font ',11'")
        }
        for mark in marks where x.shows(mark.x) && y.shows(mark.y) { draw(mark, on: &canvas) }
    }

    func isDrawn(_ point: Point) -> Bool { x.shows(point.x) && y.shows(point.y) }

    package var summary: String {
        let head = "\(y.label) by \(x.label)"
        let style: NumberStyle = y.isShare ? .percent(1) : .automatic
        return series.isEmpty
            ? "\(head): no series"
            : (subtitle + [head] + curve + numbered(series.map { $0.summary(style) }) + rules.map(\.name)
                + marks.map { "◆ \($0.name)" }).joined(separator: "\n")
    }
}

extension Chart {
    /// Lines about curves with the letters that these have in a terminal where they are several.
    func numbered(_ lines: [String]) -> [String] {
        lines.count < 2
            ? lines
            : lines.enumerated().map { index, line in
                BrailleCurve.letter(of: index + 1).map { "\($0) · \(line)" } ?? line
            }
    }
}

extension JSON {
    /// A number, or null where JSON has none.
    init(finite number: Double) { self = number.isFinite ? .number(number) : .null }
}
