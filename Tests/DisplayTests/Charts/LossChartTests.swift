import Display
import Foundation
import JSON
import Testing

@testable import Display

@Suite struct LossChartTests {
    private static let curve = {
        var curve = LossCurve(planned: 150)
        for step in 1...100 { curve.append(step: step, loss: step == 50 ? 9 : 1 - Double(step) / 200) }
        return curve
    }()

    private static let validation = [(50, 0.8), (100, 0.6), (120, 0.7)].map {
        LossCurve.Point(step: $0, loss: $1)
    }

    private func chart(_ runs: Int = 1, isLogarithmic: Bool = false) -> LossChart {
        LossChart(
            about: ["toy · lora r=8"],
            runs: (0..<runs).map {
                LossChart.Run("r\($0)", Self.curve, validation: Self.validation, bestStep: 100)
            }, epochs: [50, 100, 150], total: 150, isLogarithmic: isLogarithmic)
    }

    @Test func aSpikeDoesNotLeadTheRange() {
        let range = chart().range
        #expect(range.upperBound < 3 && range.lowerBound >= 0 && range.contains(0.6))
        #expect(LossChart(about: [], runs: [], epochs: [], total: 0).range == 0...1)
    }

    @Test func theRunningMeanKeepsAConstantAndPassesOverWhatIsNoNumber() {
        func means(_ losses: [Double]) -> [Double] {
            var curve = LossCurve(planned: losses.count)
            for (step, loss) in losses.enumerated() { curve.append(step: step, loss: loss) }
            return curve.thinned(to: 10).map(\.mean)
        }
        #expect(means([2, 2, .nan, 2]) == [2, 2, 2])
        let step = means([1, 0, 0, 0])
        #expect(abs(step[1] - 0.8) < 1e-12 && abs(step[3] - 0.512) < 1e-12)
    }

    @Test func theWholeRunIsTheAxisAndTheBestIsRinged() throws {
        let specification = chart().vegaLiteSpecification
        let layers = try #require(specification["layer"]?.array)
        let domain = specification["encoding"]?["x"]?["scale"]?["domain"]
        #expect(domain == [0, 150])
        let raw = try #require(layers.first { $0["mark"]?["opacity"] == 0.45 })
        #expect(raw["encoding"]?["y"]?["field"] == "raw" && raw["mark"]?["clip"] == true)
        let rows = chart().rows
        #expect(rows.filter { $0["best"] == true }.map { $0["step"] } == [100.0])
        #expect(specification["title"]?["subtitle"]?[0] == "toy · lora r=8")
        // The rules of epochs: the last one is the axis's end.
        #expect(layers[0]["data"]?["values"] == [["step": 50], ["step": 100]])
    }

    @Test func whereNoneIsTheBestNoneIsRinged() {
        var chart = chart()
        chart.runs[0].bestStep = nil
        #expect(chart.rows.allSatisfy { $0["best"] != true })
        #expect(!chart.summary.contains("best validation"))
    }

    @Test func severalRunsHaveALegendAndOneHasNone() {
        #expect(chart(2).vegaLiteSpecification["encoding"]?["color"]?["field"] == "run")
        #expect(chart(1).vegaLiteSpecification["encoding"]?["color"]?["field"] == nil)
        #expect(VegaLite.fieldName("a.b[c]'\"\\") == #"a\.b\[c\]\'\"\\"#)
    }

    @Test func aTerminalSeesTheCurveWithin80Columns() {
        for text in [chart().summary, chart(2).summary, chart(isLogarithmic: true).summary] {
            let lines = text.split(separator: "\n")
            #expect(lines.allSatisfy { String($0).displayWidth <= 80 }, "\(text)")
            #expect(text.contains("◉") && text.contains("●") && text.contains("150 step"), "\(text)")
            #expect(text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
            #expect(text.contains("best validation 0.600 at step 100"), "\(text)")
        }
    }

    @Test(.enabled(if: Gnuplot.installed != nil)) func thePictureHasTitleSubtitleAndNumbers() throws {
        let bundle = chart(2).mimeBundle()
        let svg = try #require(bundle.data[MimeType.svg]?.string, "\(bundle.plain)")
        for text in ["Loss", "toy · lora r=8", "0.600", ">r1<", ">step<"] {
            #expect(svg.contains(text), "\(text) is missing")
        }
        // Whole steps alone.
        #expect(svg.contains(">20<") && !svg.contains(">0.5<"))
    }

    @Test func ticksAreRoundAndFewEnough() {
        #expect(Ticks.places(in: 0...126, limit: 8, isWhole: true) == [0, 20, 40, 60, 80, 100, 120])
        #expect(Ticks.places(in: 0...3, limit: 8, isWhole: true) == [0, 1, 2, 3])
        #expect(
            Ticks.places(in: 0.41...0.93, limit: 8).map { ($0 * 10).rounded() / 10 } == [
                0.5, 0.6, 0.7, 0.8, 0.9,
            ])
        #expect(Ticks.places(in: 2...2, limit: 8) == [2])
    }

    @Test func aBrailleLineFallsFromTheTopLeftToTheBottomRight() {
        var curve = BrailleCurve(columns: 4, lines: 2, x: 0...1, y: 0...1)
        curve.add(line: [(0, 1), (1, 0)])
        curve.add(mark: "●", at: (1, 0))
        let lines = curve.lines(style: .fixed(2), rules: [0, 1], unit: "step")
        #expect(lines.count == 4)
        #expect(
            lines[0].hasPrefix("0.75 ┤⠑") || lines[0].hasPrefix("0.75 ┤⠱") || lines[0].contains("⢄"),
            "\(lines)")
        #expect(
            lines[1].hasSuffix("●") && lines[2].hasPrefix("     └") && lines[3].hasSuffix("1 step"),
            "\(lines)")
    }
}
