import JSON

/// A grid of numbers as colours with the numbers in it: sweeps.
package struct Heatmap: Chart, Hashable {
    package static let kind = "heatmap"

    package var title: String
    package var rowTitle: String
    package var columnTitle: String
    package var rowNames: [String]
    package var columnNames: [String]
    /// One number a cell, rows from the top; a cell that is not finite stays empty.
    package var values: [[Double]]
    package var style: NumberStyle
    package var size: ChartSize

    package init(
        title: String, rowTitle: String, columnTitle: String, rowNames: [String],
        columnNames: [String], values: [[Double]], style: NumberStyle = .automatic, size: ChartSize? = nil
    ) {
        precondition(
            values.count == rowNames.count && values.allSatisfy { $0.count == columnNames.count },
            "\(values.count) rows of values under \(rowNames.count) × \(columnNames.count) names")
        self.title = title
        self.rowTitle = rowTitle
        self.columnTitle = columnTitle
        self.rowNames = rowNames
        self.columnNames = columnNames
        self.values = values
        self.style = style
        self.size =
            size
            ?? ChartSize(
                width: min(800, max(420, 200 + 70 * columnNames.count)),
                height: min(800, max(320, 130 + 50 * rowNames.count)))
    }

    package static var example: Heatmap {
        Heatmap(
            title: "Accuracy", rowTitle: "r", columnTitle: "lr", rowNames: ["4", "8"],
            columnNames: ["0.001", "0.01"], values: [[0.71, 0.84], [0.78, 0.86]], style: .percent(1))
    }
}

extension Heatmap {
    private var cells: [(row: Int, column: Int, value: Double)] {
        values.enumerated().flatMap { row, line in
            line.enumerated().compactMap { column, value in
                value.isFinite ? (row, column, value) : nil
            }
        }
    }

    /// Above it a cell is dark, and its number is written in white.
    private var darkFrom: Double {
        let all = cells.map(\.value)
        let low = all.min() ?? 0
        let high = all.max() ?? 1
        return low + 0.5 * (high - low)
    }

    package var rows: [JSON] {
        cells.map { cell in
            [
                "row": .string(rowNames[cell.row]), "column": .string(columnNames[cell.column]),
                "value": .number(cell.value), "text": .string(style.text(cell.value)),
            ]
        }
    }

    package var vegaLite: JSONObject {
        var column = VegaLite.nominal("column", title: columnTitle, order: columnNames).object ?? [:]
        column["axis"] = ["labelAngle": .integer(columnNames.count > 6 ? -40 : 0)]
        return [
            "encoding": [
                "x": .object(column), "y": VegaLite.nominal("row", title: rowTitle, order: rowNames),
            ],
            "layer": [
                [
                    "mark": ["type": "rect", "tooltip": true],
                    "encoding": [
                        "color": [
                            "field": "value", "type": "quantitative", "title": nil,
                            "scale": ["range": .array(Palette.sequence.map { .string($0) })],
                        ]
                    ],
                ],
                [
                    "mark": ["type": "text", "fontSize": 14],
                    "encoding": [
                        "text": ["field": "text", "type": "nominal"],
                        "color": [
                            "condition": [
                                "test": .string("datum.value > \(GnuplotScript.number(darkFrom))"),
                                "value": "#FFFFFF",
                            ],
                            "value": "#111111",
                        ],
                    ],
                ],
            ],
        ]
    }

    package func draw(on canvas: inout GnuplotScript) {
        canvas.label("x", columnTitle)
        canvas.label("y", rowTitle)
        canvas.ticks("x", columnNames)
        canvas.ticks("y", rowNames)
        if columnNames.count > 6 { canvas.add("set xtics rotate by -35") }
        canvas.add("set xrange [-0.5:\(Double(max(columnNames.count, 1)) - 0.5)]")
        canvas.add("set yrange [\(Double(max(rowNames.count, 1)) - 0.5):-0.5]")
        canvas.add("unset grid")
        canvas.add("set tics scale 0")
        let stops = Palette.sequence.enumerated().map { "\($0) '\($1)'" }
        canvas.add("set palette defined (\(stops.joined(separator: ", ")))")
        let all = cells.map(\.value)
        guard let low = all.min(), let high = all.max() else { return }
        let top = high > low ? high : low + 1
        canvas.add("set cbrange [\(GnuplotScript.number(low)):\(GnuplotScript.number(top))]")
        for cell in cells {
            let colour = cell.value > darkFrom ? "#FFFFFF" : "#111111"
            canvas.add(
                "set label \(GnuplotScript.quote(style.text(cell.value))) at \(cell.column),\(cell.row) "
                    + "center front textcolor rgb '\(colour)'")
        }
        canvas.plot(
            cells.map { [Double($0.column), Double($0.row), $0.value] }, "using 1:2:3 with image pixels")
    }

    package var summary: String {
        var table = Table(
            columns: [Table.Column("\(rowTitle) \\ \(columnTitle)", alignment: .leading)]
                + columnNames.map { .number($0, style) })
        for (name, line) in zip(rowNames, values) {
            table.add([.text(name)] + line.map { $0.isFinite ? .number($0) : .empty })
        }
        return table.plain
    }
}
