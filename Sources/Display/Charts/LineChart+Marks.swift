import JSON

// MARK: - Marks

extension LineChart {
    /// In the second colour, which no single series has.
    func mark(_ mark: Mark) -> [JSON] {
        let data: JSON = ["values": [["x": .number(mark.x), "y": .number(mark.y)]]]
        let colour: JSON = ["value": .string(Palette.colour(1))]
        let (x, y) = (VegaLite.quantitative("x", x), VegaLite.quantitative("y", untitled))
        return [
            [
                "data": data, "mark": ["type": "rule", "strokeDash": [4, 3], "strokeWidth": 1.5],
                "encoding": ["x": x, "y": nil, "color": colour, "strokeDash": ["value": [4, 3]]],
            ],
            [
                "data": data, "mark": ["type": "point", "filled": true, "opacity": 1, "size": 90],
                "encoding": ["x": x, "y": y, "color": colour, "strokeDash": ["value": [1, 0]]],
            ],
            [
                "data": data,
                "mark": [
                    "type": "text", "align": "left", "dx": 8, "dy": -10, "fontWeight": 600,
                    "text": .string(mark.name.onOneLine),
                ],
                "encoding": [
                    "x": x, "y": y, "color": ["value": "currentColor"], "strokeDash": ["value": [1, 0]],
                ],
            ],
        ]
    }

    func draw(_ mark: Mark, on canvas: inout GnuplotScript) {
        let (x, y) = (GnuplotScript.number(mark.x), GnuplotScript.number(mark.y))
        let colour = Palette.colour(1)
        canvas.add(
            "set arrow from first \(x), graph 0 to first \(x), graph 1 nohead back "
                + "linecolor rgb '\(colour)' linewidth 1.5 dashtype (4,3)")
        canvas.plot(
            [[mark.x, mark.y]], "using 1:2 with points linecolor rgb '\(colour)' pointtype 7 pointsize 1")
        canvas.add(
            "set label \(GnuplotScript.quote(mark.name)) at first \(x),\(y) left "
                + "offset character 0.8,0.8 front")
    }
}

// MARK: - In a terminal

extension LineChart {
    /// Drawn in dots, along a logarithmic axis too; empty where there are no two points.
    var curve: [String] {
        let drawn = series.map { series in
            series.points.filter(isDrawn).map { (x: x.place(of: $0.x), y: $0.y) }
        }
        let all = drawn.joined()
        guard all.count > 1, !y.isLogarithmic, let left = all.map(\.x).min(), let right = all.map(\.x).max(),
            let low = all.map(\.y).min(), let high = all.map(\.y).max(), right > left
        else { return [] }
        let places = x.range.map { x.place(of: $0.lowerBound)...x.place(of: $0.upperBound) } ?? left...right
        var curve = BrailleCurve(x: places, y: y.range ?? low...high)
        for (series, points) in zip(series, drawn) {
            curve.add(line: points)
            if series.style == .points {
                for point in points { curve.add(mark: "●", at: point) }
            }
        }
        for (index, points) in drawn.enumerated() {
            curve.add(number: index + 1, of: series.count, along: points)
        }
        for mark in marks where x.shows(mark.x) { curve.add(mark: "◆", at: (x.place(of: mark.x), mark.y)) }
        let ticks = Ticks.places(in: places, limit: 6, isWhole: x.isWhole || x.isLogarithmic)
        return curve.lines(
            style: y.isShare ? .percent(0) : .significant(3), rules: ticks, unit: x.label,
            name: x.isLogarithmic ? { "1e\(Int($0))" } : { NumberStyle.automatic.text($0) })
    }
}
