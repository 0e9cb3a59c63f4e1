import Diagnostics
import Foundation
import JSON

/// One plot as a value: from it come Vega-Lite, SVG, PNG and a summary in words.
///
/// A new kind is a file with a struct that conforms, and a line in `Registry.swift`.
package protocol Chart: Displayable {
    /// The kind's name, as `value` carries it.
    static var kind: String { get }

    /// A small chart that shows the kind; tests over the registry draw it.
    static var example: Self { get }

    /// What the chart shows, in a few words.
    var title: String { get }

    /// Of what, on what, by what: lines under the title.
    var subtitle: [String] { get }

    var size: ChartSize { get }

    /// The numbers that are drawn, as rows of plain data.
    var rows: [JSON] { get }

    /// What Vega-Lite needs beside data, size and configuration: mark or layer, encoding.
    var vegaLite: JSONObject { get }

    /// Draws the same with gnuplot.
    func draw(on canvas: inout GnuplotScript)

    /// What the plot shows, in words and numbers, without the title.
    var summary: String { get }
}

/// The size of the drawing in CSS pixels.
package struct ChartSize: Sendable, Hashable {
    package var width = 640
    package var height = 360

    package init(width: Int = 640, height: Int = 360) {
        self.width = width
        self.height = height
    }
}

/// What an axis measures, and in which unit.
package struct Axis: Sendable, Hashable, ExpressibleByStringLiteral {
    package var title: String
    package var unit: String?
    package var isLogarithmic: Bool
    /// The shown range; nil lets the data decide.
    package var range: ClosedRange<Double>?
    /// Whether only whole numbers have a meaning: steps, epochs, counts.
    package var isWhole: Bool
    /// Whether values are shares of one, written as percentages.
    package var isShare: Bool

    package init(
        _ title: String, unit: String? = nil, isLogarithmic: Bool = false,
        range: ClosedRange<Double>? = nil, isWhole: Bool = false, isShare: Bool = false
    ) {
        self.title = title
        self.isWhole = isWhole
        self.isShare = isShare
        self.unit = unit
        self.isLogarithmic = isLogarithmic
        self.range = range
    }

    package init(stringLiteral value: String) { self.init(value) }

    /// Whether a value has a place on the axis.
    func shows(_ value: Double) -> Bool { value.isFinite && (!isLogarithmic || value > 0) }

    /// Where a value stands along the axis: its power of ten on a logarithmic one.
    func place(of value: Double) -> Double { isLogarithmic ? log10(value) : value }

    var label: String { unit.map { "\(title) (\($0))" } ?? title }
}

extension Chart {
    package var size: ChartSize { ChartSize() }
    package var subtitle: [String] { [] }

    /// The subtitle in lines of at most 64 columns, broken where " · " stands.
    var subtitleLines: [String] {
        subtitle.flatMap { line in
            line.onOneLine.split(separator: " · ").map(String.init).joinedByDots(to: 64)
        }
    }

    package var value: JSON {
        ["kind": .string(Self.kind), "title": .string(title), "rows": .array(rows)]
    }

    package func mimeBundle() -> MimeBundle { mimeBundle(drawnBy: Gnuplot.installed) }

    /// The bundle with pictures where gnuplot can be had; without it the text says so.
    ///
    /// Never with text/html: front ends would choose it over Vega-Lite.
    package func mimeBundle(drawnBy gnuplot: Gnuplot?) -> MimeBundle {
        var plain = "\(title.onOneLine)\n\(summary.withoutControls)"
        var bundle = MimeBundle(data: [MimeType.vegaLite: vegaLiteSpecification])
        switch picture(drawnBy: gnuplot) {
        case .success(let picture): picture.add(to: &bundle, size: size)
        case .failure(let diagnostic):
            plain += "\n(no static picture: \(diagnostic.description.onOneLine))"
        }
        bundle.data[MimeType.plain] = .string(plain.wrapped(to: 80))
        return bundle
    }

    private func picture(drawnBy gnuplot: Gnuplot?) -> Result<Picture, Diagnostic> {
        guard let gnuplot else { return .failure(Gnuplot.missing) }
        var script = GnuplotScript()
        draw(on: &script)
        script.subtitle = subtitleLines
        return gnuplot.picture(of: script, title: title.onOneLine, summary: summary.spoken, size: size)
    }
}
