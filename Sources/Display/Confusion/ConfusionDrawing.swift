import Diagnostics

/// A confusion matrix on white paper, placed to the pixel: gnuplot only draws what is measured here.
///
/// Widths of words are estimated at 0.72 of the font's size a letter: cairo draws PNG and PDF in wider letters than
/// pages do SVG.
struct ConfusionDrawing {
    private let view: ConfusionView
    private let names: [String]
    private let cell: (width: Double, height: Double)
    /// CSS pixels of a label's letters.
    private let font: Double
    /// Degrees by which column labels are turned: 0, 45 or 90.
    private let angle: Int
    /// The grid's left upper corner.
    private let origin: (x: Double, y: Double)
    private let lines: [String]
    let size: ChartSize

    static let letter = 0.72
    static let ink = "#1F1F1F"
    static let muted = "#5F5F5F"
    private static let margin = 14.0
    private static let lineHeight = 18.0
    /// From the title's middle to the first line under it.
    private static let titleHeight = 24.0

    init(_ view: ConfusionView) {
        self.view = view
        let count = view.labels.count
        let isCounted = count <= ConfusionView.countedClasses
        (font, cell) = isCounted ? (12, Self.cell(of: count)) : (10, Self.square(of: count))
        names = view.labels.map { $0.onOneLine.clippedInMiddle(to: isCounted ? 24 : 20) }
        let letter = font * Self.letter
        let widest = Double(names.map(\.displayWidth).max() ?? 0) * letter
        angle = widest + 6 <= cell.width ? 0 : cell.width >= 24 ? 45 : 90
        lines =
            view.facts.joined(separator: " · ").wrapped(to: 64).split(separator: "\n").map(String.init)
            + ["rows: true class · columns: answer"]
        let label: (rise: Double, reach: Double) =
            switch angle {
            case 0: (16.0, 0.0)
            case 45: (widest * 0.71 + 14, widest * 0.71 + 14)
            default: (widest + 10, 0.0)
            }
        let head = Self.margin + Self.titleHeight + Double(lines.count) * Self.lineHeight
        origin = (Self.margin + widest + 10, head + label.rise)
        let texts = max(5, Double("\(view.total)".count)) * 11 * Self.letter + 16
        let grid = Double(count) * cell.width
        let wide = [
            origin.x + grid + max(texts, label.reach - cell.width / 2) + Self.margin,
            Double(lines.map(\.displayWidth).max() ?? 0) * 12 * Self.letter + 2 * Self.margin, 260,
        ]
        size = ChartSize(
            width: Int((wide.max() ?? 260).rounded(.up)),
            height: Int((origin.y + Double(count) * cell.height + 44).rounded(.up)))
    }

    private static func cell(of count: Int) -> (width: Double, height: Double) {
        count <= 2 ? (96, 64) : count <= 6 ? (64, 48) : (46, 44)
    }

    private static func square(of count: Int) -> (width: Double, height: Double) {
        let side = Double(max(15, min(26, 600 / count)))
        return (side, side)
    }

    func picture(drawnBy gnuplot: Gnuplot?) -> Result<Picture, Diagnostic> {
        guard let gnuplot else { return .failure(Gnuplot.missing) }
        let summary = (view.facts + ["rows true, columns answered"]).joined(separator: " · ")
        return gnuplot.picture(of: script, title: ConfusionView.title, summary: summary.onOneLine, size: size)
    }

    private var script: GnuplotScript {
        var canvas = GnuplotScript()
        canvas.hasOwnTitle = true
        for statement in [
            "unset border", "unset tics", "unset grid", "unset key", "set lmargin at screen 0",
            "set rmargin at screen 1", "set tmargin at screen 1", "set bmargin at screen 0",
            "set xrange [0:\(size.width)]", "set yrange [\(size.height):0]",
        ] { canvas.add(statement) }
        canvas.text(ConfusionView.title, Self.margin, Self.margin + 6, font: 15, colour: Self.ink)
        for (index, line) in lines.enumerated() {
            let y = Self.margin + Self.titleHeight + Double(index) * Self.lineHeight + 4
            canvas.text(line, Self.margin, y, font: 12, colour: Self.muted)
        }
        drawLabels(on: &canvas)
        drawCells(on: &canvas)
        drawLegend(on: &canvas)
        return canvas
    }

    private func drawLabels(on canvas: inout GnuplotScript) {
        let right = origin.x + Double(names.count) * cell.width + 10
        for (index, name) in names.enumerated() {
            let middle = origin.x + (Double(index) + 0.5) * cell.width
            switch angle {
            case 0: canvas.text(name, middle, origin.y - 9, font: font, colour: Self.ink, side: "center")
            case 45: canvas.text(name, middle, origin.y - 6, font: font, colour: Self.ink, turned: 45)
            default: canvas.text(name, middle, origin.y - 5, font: font, colour: Self.ink, turned: 90)
            }
            let y = origin.y + (Double(index) + 0.5) * cell.height
            canvas.text(name, origin.x - 8, y, font: font, colour: Self.ink, side: "right")
            let total = NumberStyle.automatic.text(Double(view.total(ofRow: index)))
            canvas.text(total, right, y, font: min(11, font), colour: Self.muted)
        }
        canvas.text("texts", right, origin.y - 9, font: min(11, font), colour: Self.muted)
    }

    private func drawCells(on canvas: inout GnuplotScript) {
        let isCounted = names.count <= ConfusionView.countedClasses
        var boxes: [[Double]] = []
        for row in names.indices {
            for column in names.indices {
                let (x, y) = (
                    origin.x + Double(column) * cell.width, origin.y + Double(row) * cell.height
                )
                let share = view.share(row, column) ?? 0
                let (right, bottom) = (x + cell.width - 1, y + cell.height - 1)
                boxes.append([
                    x + cell.width / 2, y + cell.height / 2, x + 1, right, y + 1, bottom,
                    Double(Self.fill(share)),
                ])
                if row == column {
                    canvas.add(
                        "set object rectangle from \(x + 1),\(y + 1) to \(right),\(bottom) front fillstyle empty "
                            + "border linecolor rgb '#808080' linewidth 1")
                }
                if isCounted { write(row, column, x + cell.width / 2, y + cell.height / 2, on: &canvas) }
            }
        }
        guard !boxes.isEmpty else { return }
        canvas.plot(
            boxes,
            "using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid 1 noborder linewidth 1 linecolor rgb variable"
        )
    }

    /// Count over share; a zero is muted.
    private func write(_ row: Int, _ column: Int, _ x: Double, _ y: Double, on canvas: inout GnuplotScript) {
        guard view.counts[row][column] > 0, let share = view.share(row, column) else {
            return canvas.text("0", x, y, font: 12, colour: "#767676", side: "center")
        }
        let count = NumberStyle.automatic.text(Double(view.counts[row][column]))
        let large: Double = names.count <= 2 ? 16 : 13
        canvas.text(count, x, y - 8, font: large, colour: Self.ink, side: "center")
        canvas.text(
            NumberStyle.percent(0).text(share), x, y + 10, font: 11, colour: Self.ink, side: "center")
    }

    private func drawLegend(on canvas: inout GnuplotScript) {
        let y = origin.y + Double(names.count) * cell.height + 22
        canvas.text("0%", Self.margin, y, font: 11, colour: Self.ink)
        for (index, share) in [0, 0.25, 0.5, 0.75, 1].enumerated() {
            let x = Self.margin + 32 + Double(index) * 27
            canvas.add(
                "set object rectangle from \(x),\(y - 5) to \(x + 22),\(y + 5) fillcolor rgb \(Self.fill(share)) "
                    + "fillstyle solid 1 border linecolor rgb '#B0B0B0'")
        }
        canvas.text("100% of the row", Self.margin + 32 + 5 * 27 + 4, y, font: 11, colour: Self.ink)
    }

    /// The page's blue at 0.85 of the share over white paper, as 0xRRGGBB.
    static func fill(_ share: Double) -> Int {
        [0x1A, 0x80, 0xC4].reduce(0) { sum, part in
            sum << 8 | Int((255 - 0.85 * share * Double(255 - part)).rounded())
        }
    }
}

extension GnuplotScript {
    /// Words at a place, in the units of the axes.
    ///
    /// - `side`: left, center or right: where of the words the place is.
    /// - `turned`: degrees against the clock.
    fileprivate mutating func text(
        _ text: String, _ x: Double, _ y: Double, font: Double, colour: String, side: String = "left",
        turned: Int = 0
    ) {
        let turn = turned == 0 ? "" : " rotate by \(turned)"
        add(
            "set label \(Self.quote(text)) at \(Self.number(x)),\(Self.number(y)) \(side)\(turn) front "
                + "font ',\(Self.number(font))' textcolor rgb '\(colour)'")
    }
}
