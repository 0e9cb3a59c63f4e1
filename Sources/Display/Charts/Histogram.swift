import Diagnostics
import Foundation
import JSON

/// How many values fall where: lengths of texts, norms, scores.
package struct Histogram: Chart, Hashable {
    package static let kind = "histogram"

    package var title: String
    package var x: Axis
    /// What is counted, for the upright axis ("reviews").
    package var counted: String
    package private(set) var bins: [Bin]
    /// Named places on the axis, drawn as upright lines (the 95th percentile).
    package var marks: [Mark]
    package var subtitle: [String]
    /// What lies above it is drawn in the second colour: cut, left out.
    package var limit: Double?
    package var size: ChartSize
    private let facts: String

    package struct Bin: Sendable, Hashable {
        package let low: Double
        package let high: Double
        package internal(set) var count: Int
        /// How many of them lie above the limit.
        package internal(set) var above = 0
    }

    package struct Mark: Sendable, Hashable {
        package var name: String
        package var x: Double

        package init(_ name: String, at x: Double) {
            self.name = name
            self.x = x
        }
    }

    /// Bins of equal width with round bounds; values that are not finite are left out and said.
    package init(
        title: String, subtitle: [String] = [], x: Axis, counted: String, values: [Double],
        bins wanted: Int = 30, marks: [Mark] = [], limit: Double? = nil, size: ChartSize = ChartSize()
    ) {
        (self.subtitle, self.limit) = (subtitle, limit)
        self.title = title
        self.x = x
        self.counted = counted
        self.marks = marks
        self.size = size
        let finite = values.filter(\.isFinite).sorted()
        bins = Self.bins(of: finite, wanted: max(1, wanted), limit: limit ?? .infinity)
        facts = Self.facts(of: finite, leftOut: values.count - finite.count)
    }

    private static func bins(of sorted: [Double], wanted: Int, limit: Double) -> [Bin] {
        guard let lowest = sorted.first, let highest = sorted.last else { return [] }
        let isWhole = sorted.allSatisfy { $0 == $0.rounded() }
        let width = roundWidth(atLeast: (highest - lowest) / Double(wanted), isWhole: isWhole)
        let start = (lowest / width).rounded(.down) * width
        let count = min(10 * wanted, max(1, Int(((highest - start) / width).rounded(.down)) + 1))
        var bins = (0..<count).map { index in
            Bin(low: start + Double(index) * width, high: start + Double(index + 1) * width, count: 0)
        }
        for value in sorted {
            let bin = min(count - 1, max(0, Int((value - start) / width)))
            bins[bin].count += 1
            if value > limit { bins[bin].above += 1 }
        }
        return bins
    }

    /// The least of 1, 2, 5 × a power of ten that is wide enough.
    private static func roundWidth(atLeast width: Double, isWhole: Bool) -> Double {
        guard width > 0, width.isFinite else { return 1 }
        let power = pow(10, floor(log10(width)))
        let rounded = [1, 2, 5, 10].map { $0 * power }.first { $0 >= width * 0.999_999 } ?? 10 * power
        return isWhole ? max(1, rounded) : rounded
    }

    private static func facts(of sorted: [Double], leftOut: Int) -> String {
        let note = leftOut > 0 ? "; \(leftOut.grouped) left out that are not finite" : ""
        guard let lowest = sorted.first, let highest = sorted.last else { return "no values\(note)" }
        let style = NumberStyle.automatic
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        func quantile(_ share: Double) -> String {
            style.text(sorted[Int((Double(sorted.count - 1) * share).rounded())])
        }
        let parts = [
            "\(style.text(lowest)) to \(style.text(highest))", "mean \(style.text(mean))",
            "median \(quantile(0.5))", "middle half \(quantile(0.25)) to \(quantile(0.75))",
            "95% up to \(quantile(0.95))\(note)",
        ]
        return parts.joined(separator: ", ")
    }
}

extension Histogram {
    package static var example: Histogram {
        Histogram(
            title: "Lengths", x: Axis("length", unit: "tokens"), counted: "texts",
            values: (0..<500).map { index in Double(40 + index * index % 211 + index % 37) },
            marks: [Mark("95%", at: 240)])
    }

    package var rows: [JSON] {
        bins.flatMap { bin -> [JSON] in
            func row(_ count: Int, _ isAbove: Bool) -> JSON {
                [
                    "low": .number(bin.low), "high": .number(bin.high), "count": .integer(count),
                    "above": .bool(isAbove),
                ]
            }
            guard limit != nil else {
                return [["low": .number(bin.low), "high": .number(bin.high), "count": .integer(bin.count)]]
            }
            // A bin on both sides of the limit is two pieces of one bar.
            return [row(bin.count - bin.above, false)] + (bin.above > 0 ? [row(bin.above, true)] : [])
        }
    }

    package var vegaLite: JSONObject {
        var axis = x
        if axis.range == nil, let first = bins.first, let last = bins.last {
            axis.range = first.low...last.high
        }
        var position = VegaLite.quantitative("low", axis).object ?? [:]
        position["bin"] = ["binned": true]
        var encoding: JSONObject = [
            "x": .object(position), "x2": ["field": "high"],
            "y": VegaLite.quantitative("count", Axis(counted, isWhole: true), startsAtZero: true),
        ]
        if limit != nil {
            encoding["color"] = [
                "field": "above", "type": "nominal", "legend": nil,
                "scale": [
                    "domain": [false, true],
                    "range": [.string(Palette.colour(0)), .string(Palette.colour(1))],
                ],
            ]
            encoding["order"] = ["field": "above"]
        }
        let bar: JSONObject = [
            "type": "bar", "color": .string(Palette.colour(0)), "tooltip": true, "binSpacing": 1,
        ]
        let bars: JSONObject = ["mark": .object(bar), "encoding": .object(encoding)]
        let shown = marks.filter(\.x.isFinite)
        return ["layer": .array([.object(bars)] + shown.flatMap { [rule(at: $0), label(of: $0)] })]
    }

    /// Data of one row: a mark is drawn for each.
    private static let once: JSON = ["values": [[:]]]

    private func rule(at mark: Mark) -> JSON {
        let rule: JSONObject = [
            "type": "rule", "color": "currentColor", "strokeWidth": 1.5,
        ]
        return ["data": Self.once, "mark": .object(rule), "encoding": ["x": ["datum": .number(mark.x)]]]
    }

    private func label(of mark: Mark) -> JSON {
        let text: JSONObject = [
            "type": "text", "text": .string(mark.name.onOneLine), "align": "left", "dx": 6, "fontSize": 12,
            "fontWeight": 600,
        ]
        return [
            "data": Self.once, "mark": .object(text),
            "encoding": ["x": ["datum": .number(mark.x)], "y": ["value": -7]],
        ]
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", x)
        canvas.label("y", counted)
        canvas.add("set yrange [0:*]")
        guard let first = bins.first else { return }
        let width = GnuplotScript.number(first.high - first.low)
        for mark in marks where mark.x.isFinite {
            let place = GnuplotScript.number(mark.x)
            let colour = "rgb '#1F1F1F'"
            canvas.add(
                "set arrow from first \(place), graph 0 to first \(place), graph 1 nohead front "
                    + "linecolor \(colour) linewidth 1.5")
            canvas.add(
                "set label \(GnuplotScript.quote(mark.name)) at first \(place), graph 0.96 "
                    + "offset character 0.6,0 front textcolor \(colour)")
        }
        // The whole bar first, what is not above the limit over it.
        let parts =
            [(1, bins.filter { $0.above > 0 }.map { ($0, $0.count) })]
            + [(0, bins.map { ($0, $0.count - $0.above) })]
        for (colour, bars) in parts where !bars.isEmpty {
            canvas.plot(
                bars.map { [($0.low + $0.high) / 2, Double($1)] },
                "using 1:2:(\(width)) with boxes fillstyle solid 1 border rgb '#FFFFFF' "
                    + "linecolor rgb '\(Palette.colour(colour))'")
        }
    }

    package var summary: String {
        let total = bins.reduce(0) { $0 + $1.count }
        let places = marks.map { "\($0.name) at \(NumberStyle.automatic.text($0.x))" }
        return (subtitle + ["\(x.label) of \(total.grouped) \(counted): \(facts)"] + places).joined(
            separator: "\n")
    }
}
