import Diagnostics
import JSON

/// How often answers that a model is so and so sure of are right: on the diagonal, where it is as sure as it should be.
///
/// One point for each bin of probabilities, with its interval; its size says how many answers are in it.
package struct ReliabilityChart: Chart, Hashable {
    package static let kind = "reliability"

    package var title: String
    package var subtitle: [String]
    package var bins: [Bin]
    package var size: ChartSize

    /// - `bins`: empty ones are left out.
    package init(
        title: String, subtitle: [String] = [], bins: [Bin],
        size: ChartSize = ChartSize(width: 460, height: 440)
    ) {
        (self.title, self.subtitle, self.size) = (title, subtitle, size)
        self.bins = bins.filter { $0.count > 0 }
    }

    package struct Bin: Sendable, Hashable {
        /// The mean probability of its answers.
        package var probability: Double
        /// The share of them that is right, with its interval of 95%.
        package var share: Double
        package var low: Double
        package var high: Double
        package var count: Int

        package init(probability: Double, share: Double, low: Double, high: Double, count: Int) {
            (self.probability, self.share, self.low, self.high) = (probability, share, low, high)
            self.count = count
        }
    }

    package static var example: ReliabilityChart {
        ReliabilityChart(
            title: "Calibration", subtitle: ["toy, test · calibration error 0.09"],
            bins: [
                Bin(probability: 0.56, share: 0.5, low: 0.33, high: 0.67, count: 34),
                Bin(probability: 0.77, share: 0.7, low: 0.57, high: 0.8, count: 61),
                Bin(probability: 0.96, share: 0.86, low: 0.81, high: 0.9, count: 205),
            ])
    }
}

extension ReliabilityChart {
    /// From half of what the least sure answer could be of: with many classes even 0.1 may be an answer.
    private var shown: ClosedRange<Double> {
        let least = bins.map { min($0.probability, $0.low) }.min() ?? 0
        return min(0.9, (least * 10).rounded(.down) / 10)...1
    }

    private var sure: Axis { Axis("how sure the answers are", range: shown, isShare: true) }
    private var right: Axis { Axis("how often they are right", range: shown, isShare: true) }

    package var rows: [JSON] {
        bins.map { bin in
            [
                "probability": .number(bin.probability), "share": .number(bin.share),
                "low": .number(bin.low), "high": .number(bin.high), "texts": .integer(bin.count),
            ]
        }
    }

    package var vegaLite: JSONObject {
        let ends: [JSON] = [shown.lowerBound, shown.upperBound].map { ["at": .number($0)] }
        let colour = JSON.string(Palette.colour(0))
        return [
            "layer": [
                [
                    "data": ["values": .array(ends)],
                    "mark": [
                        "type": "line", "strokeDash": [4, 4], "strokeWidth": 1.5, "color": "currentColor",
                    ],
                    "encoding": [
                        "x": VegaLite.quantitative("at", sure), "y": VegaLite.quantitative("at", right),
                    ],
                ],
                [
                    "mark": ["type": "rule", "strokeWidth": 2, "color": colour],
                    "encoding": [
                        "x": VegaLite.quantitative("probability", sure),
                        "y": VegaLite.quantitative("low", right), "y2": ["field": "high"],
                    ],
                ],
                [
                    "mark": ["type": "point", "color": colour, "tooltip": ["content": "data"]],
                    "encoding": [
                        "x": VegaLite.quantitative("probability", sure),
                        "y": VegaLite.quantitative("share", right),
                        "size": [
                            "field": "texts", "type": "quantitative", "legend": nil,
                            "scale": ["range": [30, 400], "zero": true],
                        ],
                    ],
                ],
            ]
        ]
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", sure)
        canvas.prepare("y", right)
        canvas.plot(
            [shown.lowerBound, shown.upperBound].map { [$0, $0] },
            "using 1:2 with lines linecolor rgb '#777777' dashtype 2 linewidth 1.5")
        guard let most = bins.map(\.count).max() else { return }
        canvas.plot(
            bins.map { [$0.probability, $0.share, $0.low, $0.high] },
            "using 1:2:3:4 with yerrorbars linecolor rgb '\(Palette.colour(0))' pointtype 0 linewidth 1.5")
        canvas.plot(
            bins.map {
                [$0.probability, $0.share, 0.5 + 1.5 * (Double($0.count) / Double(most)).squareRoot()]
            },
            "using 1:2:3 with points pointtype 7 pointsize variable linecolor rgb '\(Palette.colour(0))'")
    }

    package var summary: String {
        let style = NumberStyle.percent(0)
        guard !bins.isEmpty else { return (subtitle + ["no answers"]).joined(separator: "\n") }
        let lines = bins.map { bin in
            "\(style.text(bin.probability)) sure: \(style.text(bin.share)) right "
                + "(\(style.text(bin.low)) to \(style.text(bin.high))), \(bin.count.grouped) "
                + (bin.count == 1 ? "text" : "texts")
        }
        return (subtitle + lines).joined(separator: "\n")
    }
}
