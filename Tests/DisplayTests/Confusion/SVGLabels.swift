import Foundation

/// The words of a drawing with the room that they take, estimated: 0.7 of the font's size a letter.
struct SVGLabels {
    struct Label {
        let text: String
        /// Corners in the order in which one walks around it.
        let corners: [SIMD2<Double>]

        /// Whether the two share more than an edge: no line between them keeps them apart.
        func overlaps(_ other: Label) -> Bool {
            for one in [self, other] {
                for index in 0..<2 {
                    let edge = one.corners[index + 1] - one.corners[index]
                    let normal = SIMD2(-edge.y, edge.x)
                    func reach(_ label: Label) -> (low: Double, high: Double) {
                        let places = label.corners.map { ($0 * normal).sum() }
                        return (places.min() ?? 0, places.max() ?? 0)
                    }
                    let (a, b) = (reach(self), reach(other))
                    if a.high <= b.low || b.high <= a.low { return false }
                }
            }
            return true
        }
    }

    let labels: [Label]

    init(_ svg: String) {
        let pattern =
            #/translate\((?<x>[\d.]+),(?<y>[\d.]+)\)(?: rotate\((?<turn>-?\d+)[\d.]*\))?"[^>]*font-size="(?<size>[\d.]+)"\s+text-anchor="(?<side>\w+)">\s*<text>(?<text>[^<]*)<\/text>/#
        labels = svg.matches(of: pattern).map { match in
            let size = Double(match.size) ?? 0
            let text = String(match.text).replacing("&lt;", with: "<").replacing("&amp;", with: "&")
            let width = Double(text.count) * size * 0.7
            let start = match.side == "end" ? -width : match.side == "middle" ? -width / 2 : 0
            let angle = Double(match.turn.map(String.init) ?? "0").map { $0 * .pi / 180 } ?? 0
            let place = SIMD2(Double(match.x) ?? 0, Double(match.y) ?? 0)
            let corners: [SIMD2<Double>] = [
                (start, -0.75), (start + width, -0.75), (start + width, 0.2), (start, 0.2),
            ].map {
                let (x, y) = ($0, $1 * size)
                return place + SIMD2(x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle))
            }
            return Label(text: text, corners: corners)
        }
    }

    /// The pairs that stand on each other.
    var overlaps: [(String, String)] {
        labels.indices.flatMap { one in
            labels.indices.dropFirst(one + 1).filter { labels[one].overlaps(labels[$0]) }
                .map { (labels[one].text, labels[$0].text) }
        }
    }
}
