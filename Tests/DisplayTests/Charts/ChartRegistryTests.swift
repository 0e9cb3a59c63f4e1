import Display
import Foundation
import JSON
import Testing

/// Every kind of chart, by its example: a new one is tested by being in the registry.
@Suite struct ChartRegistryTests {
    private static let hostile =
        "'; system('touch pwned'); `id` <script>alert(1)</script> \"%s\" \u{1B}[31m\n@x"

    @Test func kindsAreDistinct() {
        let kinds = ChartRegistry.all.map { $0.kind }
        #expect(Set(kinds).count == kinds.count)
    }

    @Test(arguments: ChartRegistry.all.map { $0.example as any Chart })
    func aChartWithoutGnuplotHasVegaLiteAndTextThatSaysWhy(chart: any Chart) {
        let bundle = chart.mimeBundle(drawnBy: nil)
        #expect(bundle.data.keys == [MimeType.vegaLite, MimeType.plain])
        #expect(bundle.plain.contains("gnuplot is not installed"))
        #expect(bundle.plain.hasPrefix(chart.title))
    }

    @Test(arguments: ChartRegistry.all.map { $0.example as any Chart })
    func theSpecificationNamesItsSchemaAndIsTransparent(chart: any Chart) throws {
        let specification = chart.vegaLiteSpecification
        #expect(specification["$schema"]?.string?.contains("vega-lite/v5") == true)
        #expect(specification["background"]?.string == "transparent")
        #expect(specification["data"]?["values"]?.array?.isEmpty == false)
        #expect(try JSON(parsing: specification.text()) == specification)
    }

    @Test(
        .enabled(if: Gnuplot.installed != nil), arguments: ChartRegistry.all.map { $0.example as any Chart })
    func everyFormIsThereAndNeverHTML(chart: any Chart) throws {
        let bundle = chart.mimeBundle()
        #expect(
            Set(bundle.data.keys) == [
                MimeType.vegaLite, MimeType.svg, MimeType.png, MimeType.pdf, MimeType.plain,
            ],
            "\(bundle.plain)")
        let png = try #require(bundle.data[MimeType.png]?.string.flatMap { Data(base64Encoded: $0) })
        #expect(png.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
        #expect(png.suffix(4) == Data([0xAE, 0x42, 0x60, 0x82]))
        let pdf = try #require(bundle.data[MimeType.pdf]?.string.flatMap { Data(base64Encoded: $0) })
        #expect(pdf.starts(with: Data("%PDF-".utf8)) && pdf.suffix(6).starts(with: Data("%%EOF".utf8)))
        #expect(bundle.metadata[MimeType.png]?["width"]?.integer == chart.size.width)
        #expect(bundle.metadata["needs_background"]?.string == "light")
        let svg = try #require(bundle.data[MimeType.svg]?.string)
        #expect(XMLProbe.isWellFormed(svg))
        #expect(!svg.contains("GNUPLOT"))
        // In words too, for who does not see it: in the drawing, and where pages look for them.
        let words = try #require(bundle.metadata[MimeType.svg]?["alt"]?.string)
        #expect(words.hasPrefix("\(chart.title.onOneLine). ") && words.count > chart.title.count + 4)
        #expect(bundle.metadata[MimeType.png]?["alt"]?.string == words && !words.contains("\n"))
        #expect(svg.contains("role=\"img\" aria-label=\"\(words.htmlEscaped)\"") && svg.contains("<desc>"))
    }

    @Test(
        .enabled(if: Gnuplot.installed != nil), arguments: ChartRegistry.all.map { $0.example as any Chart })
    func theSameChartGivesTheSameBytes(chart: any Chart) {
        #expect(chart.mimeBundle() == chart.mimeBundle())
    }

    private func curve(_ losses: Double...) -> LossCurve {
        var curve = LossCurve(planned: losses.count)
        for (index, loss) in losses.enumerated() { curve.append(step: index + 1, loss: loss) }
        return curve
    }

    @Test(.enabled(if: Gnuplot.installed != nil)) func hostileNamesStayText() throws {
        let name = Self.hostile
        let charts: [any Chart] = [
            LineChart(
                title: name, x: Axis(name, unit: name), y: Axis(name),
                series: [.init(name, [(x: 1, y: 2), (x: 2, y: 3)])]),
            LossChart(
                about: [name], runs: [.init(name, curve(2, 1), validation: [.init(step: 2, loss: 1)])],
                epochs: [1], total: 2),
            LossChart(
                about: [name], runs: [.init(name, curve(2)), .init("b", curve(1))], epochs: [], total: 2),
            BarChart(
                title: name, subtitle: [name], names: name, y: Axis(name), bars: [.init(name, 1, label: name)]
            ),
            Histogram(
                title: name, x: Axis(name), counted: name, values: [1, 2, 2], marks: [.init(name, at: 1)]),
            Heatmap(
                title: name, rowTitle: name, columnTitle: name, rowNames: [name], columnNames: [name],
                values: [[1]]),
            ScatterChart(
                title: name, x: Axis(name), y: Axis(name), points: [.init(1, 2, group: name, name: name)]),
        ]
        for chart in charts {
            let bundle = chart.mimeBundle()
            let svg = try #require(bundle.data[MimeType.svg]?.string, "\(bundle.plain)")
            #expect(XMLProbe.isWellFormed(svg))
            #expect(!svg.contains("<script"))
            #expect(svg.contains("&lt;script"))
            #expect(!bundle.plain.contains("\u{1B}"))
        }
        #expect(!FileManager.default.fileExists(atPath: "pwned"))
    }

    @Test func aBarOnBothSidesOfALimitIsTwoPieces() {
        let chart = Histogram(
            title: "t", x: "x", counted: "texts", values: [0, 1, 2, 3, 30, 60, 61, 90], bins: 2, limit: 2)
        let first = chart.rows.filter { $0["low"] == 0.0 }
        #expect(first.map { $0["count"] } == [3, 2] && first.map { $0["above"] } == [false, true])
        #expect(chart.rows.reduce(0) { $0 + ($1["count"]?.integer ?? 0) } == 8)
    }

    @Test(.enabled(if: Gnuplot.installed != nil)) func emptyChartsAreDrawnToo() {
        let charts: [any Chart] = [
            LineChart(title: "t", x: "x", y: "y", series: []),
            LineChart(
                title: "t", x: "x", y: "y", series: [.init("a", [(x: 1, y: .nan), (x: 2, y: .infinity)])]),
            LossChart(about: [], runs: [], epochs: [], total: 0),
            LossChart(
                about: [], runs: [.init("a", curve(.nan), validation: [.init(step: 1, loss: .infinity)])],
                epochs: [1], total: 1, isLogarithmic: true),
            BarChart(title: "t", names: "n", y: "y", bars: []),
            Histogram(title: "t", x: "x", counted: "texts", values: []),
            Histogram(title: "t", x: "x", counted: "texts", values: [3, 3, 3]),
            Heatmap(title: "t", rowTitle: "r", columnTitle: "c", rowNames: [], columnNames: [], values: []),
            Heatmap(
                title: "t", rowTitle: "r", columnTitle: "c", rowNames: ["a"], columnNames: ["b"],
                values: [[.nan]]),
            ScatterChart(title: "t", x: "x", y: "y", points: []),
        ]
        for chart in charts {
            let bundle = chart.mimeBundle()
            #expect(bundle.data[MimeType.svg] != nil && bundle.data[MimeType.png] != nil, "\(bundle.plain)")
        }
    }

    @Test func abrokenGnuplotLeavesTheRest() {
        let bundle = LineChart.example.mimeBundle(drawnBy: Gnuplot(path: "/bin/false"))
        #expect(bundle.data[MimeType.svg] == nil)
        #expect(bundle.plain.contains("gnuplot drew nothing"))
    }

    @Test func aHangingGnuplotIsStopped() throws {
        let program = FileManager.default.temporaryDirectory.appending(path: "hanging-\(UUID().uuidString)")
        try Data("#!/bin/sh\nexec tail -f /dev/null\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        defer { try? FileManager.default.removeItem(at: program) }
        var gnuplot = Gnuplot(path: program.path)
        gnuplot.timeLimit = .milliseconds(1)
        let bundle = LineChart.example.mimeBundle(drawnBy: gnuplot)
        #expect(bundle.data[MimeType.svg] == nil)
        #expect(!bundle.plain.contains("drew nothing"), "it ended by itself")
    }
}
