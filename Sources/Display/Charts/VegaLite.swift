import JSON

extension Chart {
    /// The whole Vega-Lite v5 specification: transparent, and legible on light and dark pages.
    package var vegaLiteSpecification: JSON {
        let about = ([title.onOneLine] + subtitleLines).joined(separator: ". ")
        var heading: JSONObject = ["text": .string(title.onOneLine)]
        if !subtitle.isEmpty { heading["subtitle"] = .array(subtitleLines.map { .string($0) }) }
        var specification: JSONObject = [
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "title": .object(heading),
            "description": .string(about),
            "width": .integer(min(620, size.width)),
            "height": .integer(size.height - 80),
            "autosize": ["type": "fit-x", "contains": "padding"],
            "background": "transparent",
            "padding": ["left": 0, "right": 14, "top": 5, "bottom": 5],
            "config": VegaLite.configuration,
            "data": ["values": .array(rows)],
            "usermeta": ["embedOptions": ["renderer": "svg", "actions": false]],
        ]
        for (key, value) in vegaLite { specification[key] = value }
        return .object(specification)
    }
}

/// Pieces that the chart kinds share.
package enum VegaLite {
    /// Letters take the page's colour, so that they stand out in any theme; drawn as SVG, which knows it.
    static let configuration: JSON = {
        let (ink, grey) = (JSON.string("currentColor"), JSON.string(Palette.neutral))
        return [
            "font": "system-ui, -apple-system, \"Segoe UI\", Helvetica, Arial, sans-serif",
            "view": ["stroke": nil],
            "title": [
                "anchor": "start", "frame": "bounds", "fontSize": 14, "fontWeight": 600, "color": ink,
                "subtitleFontSize": 12, "subtitleColor": ink, "subtitlePadding": 4, "offset": 12, "limit": 0,
            ],
            "axis": [
                "labelColor": ink, "titleColor": ink, "labelFontSize": 11, "titleFontSize": 12,
                "titleFontWeight": "normal", "titlePadding": 8, "labelPadding": 5, "domain": false,
                "ticks": false, "gridColor": grey, "gridOpacity": 0.25, "labelLimit": 220,
            ],
            "axisX": [
                "grid": false, "domain": true, "domainColor": grey, "ticks": true, "tickColor": grey,
                "tickSize": 4,
            ],
            "legend": [
                "orient": "top", "direction": "horizontal", "title": nil, "labelColor": ink,
                "labelFontSize": 12, "labelLimit": 240, "offset": 4, "symbolOpacity": 1,
            ],
            // Axes of plots that are read together stand above one another.
            "axisY": ["minExtent": 48],
            "range": ["category": .array(Palette.series.map { .string($0) })],
            "line": ["strokeWidth": 2.5, "strokeJoin": "round", "strokeCap": "round"],
            "rule": ["color": grey], "text": ["color": ink, "fontSize": 11],
            "point": ["filled": true, "size": 60, "opacity": 1],
        ]
    }()

    /// A name of a person's own as the name of a field: dots and brackets would lead into what it holds.
    static func fieldName(_ name: String) -> String {
        name.onOneLine.replacing(/[.\[\]\\'"]/) { "\\\($0.output)" }
    }

    /// An encoding channel for a number on an axis.
    static func quantitative(
        _ field: String, _ axis: Axis, startsAtZero: Bool = false, format: String? = nil
    ) -> JSON {
        var scale: JSONObject = ["zero": .bool(startsAtZero && !axis.isLogarithmic)]
        if axis.isLogarithmic { scale["type"] = "log" }
        if let range = axis.range {
            scale["domain"] = [.number(range.lowerBound), .number(range.upperBound)]
        }
        var channel: JSONObject = [
            "field": .string(field), "type": "quantitative", "title": .string(axis.label.onOneLine),
            "scale": .object(scale),
        ]
        var ticks: JSONObject = [:]
        if let format { ticks["format"] = .string(format) }
        if axis.isShare { ticks["format"] = ".0%" }
        if axis.isWhole {
            ticks["format"] = ",d"
            // Said place by place: a least distance alone was seen to leave halves, written as whole numbers.
            if let range = axis.range {
                let places = Ticks.places(in: range, limit: 12, isWhole: true)
                ticks["values"] = .array(places.map { .number($0) })
            } else {
                ticks["tickMinStep"] = 1
            }
        }
        if !ticks.isEmpty { channel["axis"] = .object(ticks) }
        return .object(channel)
    }

    /// An encoding channel for names in the order in which they are given.
    static func nominal(_ field: String, title: String?, order: [String]) -> JSON {
        [
            "field": .string(field), "type": "nominal",
            "title": title.map { .string($0.onOneLine) } ?? .null,
            "sort": .array(order.map { .string($0) }),
        ]
    }

    /// The colours and the dashes of series, in their order; no legend for a single one.
    static func series(_ field: String, names: [String], isDashed: Bool) -> JSONObject {
        let domain = JSON.array(names.map { .string($0) })
        let legend: JSON = names.count > 1 ? ["title": nil] : .null
        let colours = names.indices.map { JSON.string(Palette.colour($0)) }
        var channels: JSONObject = [
            "color": [
                "field": .string(field), "type": "nominal", "legend": legend,
                "scale": ["domain": domain, "range": .array(colours)],
            ]
        ]
        guard isDashed, names.count > 1 else { return channels }
        let dashes = names.indices.map { index in
            let dash = Palette.dash(index)
            return JSON.array((dash.isEmpty ? [1, 0] : dash).map { .integer($0) })
        }
        channels["strokeDash"] = [
            "field": .string(field), "type": "nominal", "legend": legend,
            "scale": ["domain": domain, "range": .array(dashes)],
        ]
        return channels
    }
}
