import Diagnostics
import JSON

/// One mark a pair of numbers: accuracy against seconds, rank against loss.
package struct ScatterChart: Chart, Hashable {
    package static let kind = "scatter"

    package var title: String
    package var x: Axis
    package var y: Axis
    package var points: [Point]
    package var size: ChartSize

    package init(
        title: String, x: Axis, y: Axis, points: [Point], size: ChartSize = ChartSize()
    ) {
        self.title = title
        self.x = x
        self.y = y
        self.points = points
        self.size = size
    }

    package struct Point: Sendable, Hashable {
        package var x: Double
        package var y: Double
        /// Points of one group share a colour and a shape.
        package var group: String
        /// What the point is, shown on hovering and in the data.
        package var name: String?

        package init(_ x: Double, _ y: Double, group: String = "", name: String? = nil) {
            self.x = x
            self.y = y
            self.group = group
            self.name = name
        }
    }

    package static var example: ScatterChart {
        ScatterChart(
            title: "Cost and gain", x: Axis("time", unit: "s"), y: Axis("accuracy"),
            points: [
                Point(12, 0.71, group: "last", name: "last=1"),
                Point(40, 0.88, group: "lora", name: "r=8"), Point(95, 0.89, group: "lora", name: "r=64"),
            ])
    }
}

extension ScatterChart {
    private var drawn: [Point] { points.filter { x.shows($0.x) && y.shows($0.y) } }

    private var groups: [String] {
        points.reduce(into: []) { if !$0.contains($1.group) { $0.append($1.group) } }
    }

    package var rows: [JSON] {
        drawn.map { point in
            var row: JSONObject = [
                "x": .number(point.x), "y": .number(point.y), "group": .string(point.group),
            ]
            if let name = point.name { row["name"] = .string(name) }
            return .object(row)
        }
    }

    package var vegaLite: JSONObject {
        var encoding: JSONObject = [
            "x": VegaLite.quantitative("x", x), "y": VegaLite.quantitative("y", y),
        ]
        for (key, value) in VegaLite.series("group", names: groups, isDashed: false) {
            encoding[key] = value
        }
        if groups.count > 1 {
            encoding["shape"] = [
                "field": "group", "type": "nominal", "legend": ["title": nil],
                "scale": ["domain": .array(groups.map { .string($0) })],
            ]
        }
        return [
            "mark": [
                "type": "point", "filled": true, "opacity": 1, "size": 70, "tooltip": ["content": "data"],
            ],
            "encoding": .object(encoding),
        ]
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", x)
        canvas.prepare("y", y)
        let shapes = [7, 9, 5, 13, 11, 6, 4]
        for (index, group) in groups.enumerated() {
            let members = drawn.filter { $0.group == group }.map { [$0.x, $0.y] }
            guard !members.isEmpty else { continue }
            canvas.plot(
                members,
                "using 1:2 with points pointtype \(shapes[index % shapes.count]) pointsize 0.9 "
                    + "linecolor rgb '\(Palette.colour(index))'", title: group.isEmpty ? nil : group)
        }
    }

    package var summary: String {
        let style = NumberStyle.automatic
        let head = "\(y.label) against \(x.label), \(drawn.count.grouped) points"
        guard let left = drawn.map(\.x).min(), let right = drawn.map(\.x).max(),
            let low = drawn.map(\.y).min(), let high = drawn.map(\.y).max()
        else { return head }
        var lines = [
            head,
            "\(x.label) \(style.text(left)) to \(style.text(right)), "
                + "\(y.label) \(style.text(low)) to \(style.text(high))",
        ]
        if let correlation { lines.append("Pearson correlation \(NumberStyle.fixed(3).text(correlation))") }
        if drawn.count <= 12 {
            lines += drawn.compactMap { point in
                point.name.map { "\($0): (\(style.text(point.x)), \(style.text(point.y)))" }
            }
        }
        return lines.joined(separator: "\n")
    }

    /// Pearson's r; nil for fewer than three points or without spread.
    package var correlation: Double? {
        guard drawn.count >= 3 else { return nil }
        let count = Double(drawn.count)
        let meanX = drawn.reduce(0) { $0 + $1.x } / count
        let meanY = drawn.reduce(0) { $0 + $1.y } / count
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for point in drawn {
            xx += (point.x - meanX) * (point.x - meanX)
            yy += (point.y - meanY) * (point.y - meanY)
            xy += (point.x - meanX) * (point.y - meanY)
        }
        return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : nil
    }
}
