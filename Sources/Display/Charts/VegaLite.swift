import JSON

extension Chart {
    /// The whole Vega-Lite v5 specification: transparent, and legible on light and dark pages.
    package var vegaLiteSpecification: JSON {
        var specification: JSONObject = [
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "title": .string(title.onOneLine),
            "description": .string("\(title.onOneLine). \(summary.onOneLine)"),
            "width": .integer(size.width - 110),
            "height": .integer(size.height - 80),
            "background": "transparent",
            "config": VegaLite.configuration,
            "data": ["values": .array(rows)],
        ]
        for (key, value) in vegaLite { specification[key] = value }
        return .object(specification)
    }
}

/// Pieces that the chart kinds share.
package enum VegaLite {
    static let configuration: JSON = {
        let grey = JSON.string(Palette.neutral)
        let text: JSON = [
            "labelColor": grey, "titleColor": grey, "labelFontSize": 12, "titleFontSize": 13,
        ]
        let line: JSON = [
            "labelColor": grey, "titleColor": grey, "labelFontSize": 12, "titleFontSize": 13,
            "domainColor": grey, "tickColor": grey, "gridColor": grey, "gridOpacity": 0.25,
        ]
        return [
            "view": ["stroke": nil], "axis": line, "legend": text,
            "title": ["color": grey, "fontSize": 15, "anchor": "start"],
            "range": ["category": .array(Palette.series.map { .string($0) })],
        ]
    }()

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
        if let format { channel["axis"] = ["format": .string(format)] }
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
