import Foundation

/// What to draw, in gnuplot's language; text from data only ever enters through `quote`.
package struct GnuplotScript: Sendable {
    private(set) var statements: [String] = []
    private var blocks: [String] = []
    private var plots: [String] = []
    /// Lines under the title.
    package var subtitle: [String] = []
    /// Whether the drawing places its title itself.
    package var hasOwnTitle = false

    package init() {}

    /// A statement of ours, such as `set grid ytics`.
    package mutating func add(_ statement: String) { statements.append(statement) }

    package mutating func label(_ axis: String, _ label: String) {
        add("set \(axis)label \(Self.quote(label))")
    }

    package mutating func prepare(_ name: String, _ axis: Axis) {
        label(name, axis.label)
        if axis.isLogarithmic { add("set logscale \(name)") }
        guard let range = axis.range else { return }
        add("set \(name)range [\(Self.number(range.lowerBound)):\(Self.number(range.upperBound))]")
        guard axis.isWhole || axis.isShare, !axis.isLogarithmic else { return }
        let places = Ticks.places(in: range, limit: 8, isWhole: axis.isWhole)
        let style = axis.isShare ? NumberStyle.percent(0) : .automatic
        ticks(name, places.map { style.text($0) }, at: places)
    }

    /// Names at positions along an axis.
    package mutating func ticks(_ axis: String, _ names: [String], at positions: [Double]? = nil) {
        let places = positions ?? names.indices.map(Double.init)
        let ticks = zip(names, places).map { name, place in
            // A tick's label is a pattern for its position: a percent sign is doubled.
            let shown = name.onOneLine.clipped(to: 24).replacingOccurrences(of: "%", with: "%%")
            return "\(Self.quote(shown)) \(Self.number(place))"
        }
        add("set \(axis)tics (\(ticks.joined(separator: ", ")))")
    }

    /// Draws rows of numbers; `style` is all that follows the data's name but for the title.
    package mutating func plot(_ rows: [[Double]], _ style: String, title: String? = nil) {
        let name = "$data\(blocks.count)"
        let lines = rows.map { $0.map(Self.number).joined(separator: " ") }
        blocks.append("\(name) << END_OF_DATA\n\(lines.joined(separator: "\n"))\nEND_OF_DATA")
        let title = title.map { "title \(Self.quote($0.clipped(to: 40)))" } ?? "notitle"
        plots.append("\(name) \(style) \(title)")
    }

    /// A single-quoted string: nothing in it is a command, a macro or a substitution.
    package static func quote(_ text: String) -> String {
        "'\(text.onOneLine.clipped(to: 120).replacingOccurrences(of: "'", with: "''"))'"
    }

    /// A number as data; what cannot be drawn becomes a gap.
    package static func number(_ number: Double) -> String {
        number.isFinite ? String(format: "%.10g", number) : "NaN"
    }

    /// Title and subtitle from the picture's left edge on, so that long ones have room.
    private func head(_ title: String, _ size: ChartSize) -> [String] {
        guard !hasOwnTitle else { return [] }
        let height = Double(size.height)
        func place(_ pixels: Double) -> String { Self.number(1 - pixels / height) }
        let left = Self.number(12 / Double(size.width))
        var lines = ["set label 9001 \(Self.quote(title)) at screen \(left),\(place(18)) left font ',14'"]
        for (index, line) in subtitle.enumerated() {
            lines.append(
                "set label \(9002 + index) \(Self.quote(line)) at screen \(left),"
                    + "\(place(38 + 16 * Double(index))) left font ',11' textcolor rgb '#5F5F5F'")
        }
        lines.append("set tmargin at screen \(place(42 + 16 * Double(subtitle.count)))")
        return lines
    }

    /// The whole input: the drawing as SVG, then once more as PNG at twice the density, then as PDF.
    func text(title: String, size: ChartSize) -> String {
        let (width, height) = (size.width, size.height)
        let drawing =
            plots.isEmpty ? ["plot [1:2][1:2] NaN notitle"] : ["plot \(plots.joined(separator: ", "))"]
        return
            ([
                "set terminal svg size \(width),\(height) noenhanced font 'sans-serif,12' "
                    + "background rgb '#FFFFFF' name 'lorikeet'",
                "set encoding utf8",
                "set border 3 linecolor rgb '#555555'",
                "set tics nomirror textcolor rgb '#333333'",
                "set grid linetype 1 linecolor rgb '#E4E4E4' linewidth 1",
                "set key outside bottom center horizontal textcolor rgb '#333333'",
                "set style fill solid 0.85 noborder",
            ] + head(title, size) + statements + blocks + drawing + [
                "set terminal pngcairo size \(2 * width),\(2 * height) noenhanced font 'sans,12' "
                    + "fontscale 2 linewidth 2 pointscale 2 background rgb '#FFFFFF'",
                "replot",
                // 72 points to the inch, three quarters of a point to a pixel, of every font named above too.
                "set terminal pdfcairo size \(Double(width) / 96)in,\(Double(height) / 96)in noenhanced "
                    + "font 'sans,12' fontscale 0.75 linewidth 1 pointscale 1 background rgb '#FFFFFF'",
                "replot",
            ]).joined(separator: "\n") + "\n"
    }
}
