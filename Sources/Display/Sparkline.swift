/// A small curve without axes, as inline SVG; the text beside it carries the numbers.
struct Sparkline {
    /// The curve in at most 240 points, each the mean of its stretch.
    private let values: [Double]

    private static let width = 480.0
    private static let height = 56.0

    init(_ values: [Double]) {
        let finite = values.filter(\.isFinite)
        guard finite.count > 240 else {
            self.values = finite
            return
        }
        self.values = (0..<240).map { index in
            let part = finite[(finite.count * index / 240)..<(finite.count * (index + 1) / 240)]
            return part.reduce(0, +) / Double(part.count)
        }
    }

    func svg(colour: String) -> String {
        guard values.count > 1, let low = values.min(), let high = values.max() else { return "" }
        let spread = high > low ? high - low : 1
        let points = values.enumerated().map { index, value in
            let x = Double(index) / Double(values.count - 1) * (Self.width - 4) + 2
            let y = Self.height - 3 - (value - low) / spread * (Self.height - 6)
            return "\(tenth(x)),\(tenth(y))"
        }
        let style = NumberStyle.automatic
        return """
            <svg width="\(Int(Self.width))" height="\(Int(Self.height))" role="img" \
            aria-label="curve from \(style.text(values.first ?? 0)) to \(style.text(values.last ?? 0))">\
            <polyline fill="none" stroke="\(colour)" stroke-width="2" \
            points="\(points.joined(separator: " "))"/></svg>
            """
    }

    private func tenth(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
