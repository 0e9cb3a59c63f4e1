import JSON

// MARK: - Vega-Lite

extension LossChart {
    package var vegaLite: JSONObject {
        let encoding: JSONObject = ["x": x, "color": colour]
        var layers: [JSON] = []
        let inner = epochs.filter { $0 < total }
        if !inner.isEmpty {
            let places = inner.map { place -> JSON in ["step": .integer(place)] }
            layers.append([
                "data": ["values": .array(places)], "mark": ["type": "rule", "opacity": 0.4],
                "encoding": ["x": x, "color": ["value": .string(Palette.neutral)]],
            ])
        }
        // Rows of validation have no such loss, and a row without a value breaks a line.
        let isTrain: JSON = [["filter": "isValid(datum.loss)"]]
        layers.append([
            "transform": isTrain,
            "mark": ["type": "line", "strokeWidth": 1, "opacity": 0.45, "clip": true],
            "encoding": ["y": y("raw")],
            "params": [
                ["name": "zoom", "select": ["type": "interval", "encodings": ["x"]], "bind": "scales"]
            ],
        ])
        layers.append([
            "transform": isTrain, "mark": ["type": "line", "strokeWidth": 2.5, "clip": true],
            "encoding": ["y": y("loss")],
        ])
        layers += validation + crosshair
        return ["height": 230, "encoding": .object(encoding), "layer": .array(layers)]
    }

    private var x: JSON {
        [
            "field": "step", "type": "quantitative", "title": "step",
            "scale": ["domain": [0, .integer(total)], "nice": false],
            "axis": ["tickMinStep": 1, "format": ",d"],
        ]
    }

    private func y(_ field: String) -> JSON {
        [
            "field": .string(field), "type": "quantitative", "title": nil,
            "scale": [
                "type": isLogarithmic ? "log" : "linear", "zero": false, "nice": false,
                "domain": [.number(range.lowerBound), .number(range.upperBound)],
            ],
            "axis": ["tickCount": 5, "format": "~r"],
        ]
    }

    /// One run has its validation in the second colour; of several, each has its own.
    private var colour: JSON {
        guard runs.count > 1 else { return ["value": .string(Palette.colour(0))] }
        return [
            "field": "run", "type": "nominal", "legend": ["symbolType": "stroke", "symbolStrokeWidth": 3],
            "scale": [
                "domain": .array(runs.map { .string($0.name) }),
                "range": .array(runs.indices.map { .string(Palette.colour($0)) }),
            ],
        ]
    }

    private var validation: [JSON] {
        guard runs.contains(where: { !$0.validation.isEmpty }) else { return [] }
        let own: JSONObject = runs.count > 1 ? [:] : ["color": ["value": .string(Palette.colour(1))]]
        let isPoint: JSON = ["filter": "isValid(datum.validation)"]
        func layer(_ mark: JSON, _ more: JSONObject = [:], only filter: JSON? = nil) -> JSON {
            var encoding: JSONObject = ["y": y("validation")]
            for (key, value) in own { encoding[key] = value }
            for (key, value) in more { encoding[key] = value }
            return [
                "transform": .array([isPoint] + (filter.map { [["filter": $0]] } ?? [])), "mark": mark,
                "encoding": .object(encoding),
            ]
        }
        let tooltip: JSON = [
            ["field": "run"], ["field": "step", "type": "quantitative", "format": ",d"],
            ["field": "validation", "type": "quantitative", "title": "validation loss", "format": ".3r"],
        ]
        return [
            layer(["type": "line", "strokeWidth": 1.5, "strokeDash": [5, 4], "opacity": 0.9]),
            layer(["type": "point", "size": 55], ["tooltip": tooltip]),
            layer(
                ["type": "point", "filled": false, "size": 190, "strokeWidth": 2], only: "datum.best"),
            layer(
                ["type": "text", "dy": -15, "fontWeight": 600, "clip": false],
                [
                    "text": ["field": "validation", "type": "quantitative", "format": ".3r"],
                    "color": ["value": "currentColor"],
                ], only: "datum.best"),
        ]
    }

    /// A rule at the step that is nearest to the pointer, and what the runs are there.
    private var crosshair: [JSON] {
        let fields: [JSON] = runs.map { run in
            [
                "field": .string(VegaLite.fieldName(run.name)), "title": .string(run.name.onOneLine),
                "type": "quantitative", "format": ".3r",
            ]
        }
        let at: JSON = [
            "name": "at",
            "select": [
                "type": "point", "fields": ["step"], "nearest": true, "on": "pointermove",
                "clear": "pointerout",
            ],
        ]
        let isTrain: JSON = ["filter": "isValid(datum.loss)"]
        return [
            [
                "transform": [isTrain, ["pivot": "run", "value": "loss", "groupby": ["step"]]],
                "mark": ["type": "rule", "strokeWidth": 1],
                "encoding": [
                    "x": x, "color": ["value": .string(Palette.neutral)],
                    "opacity": ["condition": ["value": 0.8, "param": "at", "empty": false], "value": 0],
                    "tooltip": .array([["field": "step", "type": "quantitative", "format": ",d"]] + fields),
                ],
                "params": [at],
            ],
            [
                "transform": [isTrain, ["filter": ["param": "at", "empty": false]]],
                "mark": ["type": "point", "size": 60, "clip": true], "encoding": ["y": y("loss")],
            ],
        ]
    }
}

// MARK: - gnuplot

extension LossChart {
    package func draw(on canvas: inout GnuplotScript) {
        canvas.prepare("x", Axis("step", range: 0...Double(total), isWhole: true))
        canvas.prepare("y", Axis("", isLogarithmic: isLogarithmic, range: range))
        for epoch in epochs where epoch < total {
            canvas.add(
                "set arrow from first \(epoch), graph 0 to first \(epoch), graph 1 nohead back "
                    + "linecolor rgb '#B0B0B0' linewidth 1")
        }
        for (index, run) in runs.enumerated() {
            let colour = Palette.colour(index)
            if run.steps.contains(where: { $0.y.isFinite }) {
                canvas.plot(
                    points(run.steps),
                    "using 1:2 with lines linecolor rgb '#8C\(colour.dropFirst())' linewidth 1")
                canvas.plot(
                    points(run.smoothed), "using 1:2 with lines linecolor rgb '\(colour)' linewidth 2.5",
                    title: runs.count > 1 ? run.name : nil)
            }
            drawValidation(of: run, Palette.colour(runs.count > 1 ? index : 1), on: &canvas)
        }
    }

    private func drawValidation(of run: Run, _ colour: String, on canvas: inout GnuplotScript) {
        guard run.validation.contains(where: { $0.y.isFinite }) else { return }
        canvas.plot(
            points(run.validation),
            "using 1:2 with linespoints linecolor rgb '\(colour)' dashtype (5,4) linewidth 1.5 pointtype 7 pointsize 0.7"
        )
        guard let best = run.best else { return }
        canvas.plot(
            points([best]),
            "using 1:2 with points linecolor rgb '\(colour)' pointtype 6 pointsize 1.6 linewidth 2")
        let (x, y) = (GnuplotScript.number(best.x), GnuplotScript.number(best.y))
        let side = best.x > 0.8 * Double(total) ? "right" : "center"
        canvas.add(
            "set label \(GnuplotScript.quote(NumberStyle.significant(3).text(best.y))) at first \(x),\(y) "
                + "\(side) offset character 0,1.2 front")
    }

    private func points(_ points: [LineChart.Point]) -> [[Double]] {
        points.map { [$0.x, isLogarithmic && $0.y <= 0 ? .nan : $0.y] }
    }
}
