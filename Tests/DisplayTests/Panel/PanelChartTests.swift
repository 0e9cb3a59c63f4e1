import Foundation
import JSON
import Testing

@testable import Display

@Suite struct PanelChartTests {
    private func curve(_ count: Int, planned: Int? = nil) -> LossCurve {
        var curve = LossCurve(planned: planned ?? count)
        for step in 1...count { curve.append(step: step, loss: 1 / Double(step).squareRoot()) }
        return curve
    }

    private func chart(_ count: Int, of total: Int) -> PanelChart {
        PanelChart(
            total: total,
            epochs: [
                .init(number: 1, first: 0, last: total / 2), .init(number: 2, first: total / 2, last: total),
            ], curve: curve(count, planned: total),
            validation: [
                .init(epoch: "0", step: 0, loss: 0.9), .init(epoch: "1", step: total / 2, loss: 0.4),
            ], bestStep: total / 2)
    }

    @Test func theWholeRunIsTheAxisFromTheBeginningOn() {
        let html = chart(10, of: 40).html
        #expect(html.contains("viewBox=\"0 0 40 190\" preserveAspectRatio=\"none\""))
        for tick in [">0</div>", ">20</div>", ">40</div>", ">epoch 1</div>", ">epoch 2</div>"] {
            #expect(html.contains(tick), "\(tick)")
        }
        // The curve has come a quarter of the way.
        #expect(html.contains("left:25.00%"))
    }

    @Test(arguments: [1, 10, 40]) func itsHeightIsTheSameInEveryState(count: Int) {
        #expect(chart(count, of: 40).html.contains("position:relative;height:226px"))
        let empty = PanelChart(total: 40, epochs: [], curve: LossCurve(planned: 40))
        #expect(empty.html.contains("position:relative;height:226px"))
        #expect(empty.html.contains("the curve begins with step 1"))
    }

    @Test func whatAPageDropsLeavesPointsNumbersAndASentence() {
        let html = chart(10, of: 40).html
        let bare = html.replacing(/<path[^>]*>/, with: "")
        #expect(bare.contains("<desc>Loss curve: train, smoothed, ") && bare.contains("at step 10 of 40"))
        #expect(bare.contains("title=\"validation loss 0.900 after epoch 0\""))
        #expect(bare.contains("<b>best</b> 0.400"))
        for banned in ["<text", "<style", " id=", "currentColor", "nan", "inf"] {
            #expect(!html.contains(banned))
        }
    }

    @Test func theBestIsTheOneThatIsToldOfSeveral() {
        var chart = chart(10, of: 40)
        chart.validation.append(.init(epoch: "2", step: 40, loss: 0.3))
        #expect(chart.best?.epoch == "1")
        chart.bestStep = nil
        #expect(chart.best == nil)
        chart.bestStep = 0
        #expect(chart.best?.epoch == "0")
        chart.validation = [chart.validation[0]]
        #expect(chart.best == nil)
    }

    @Test func aSpikeDoesNotLeadTheAxis() throws {
        var calm = LossCurve(planned: 400)
        for step in 1...400 { calm.append(step: step, loss: step == 200 ? 50 : 0.5) }
        let range = try #require(calm.range)
        #expect(range.upperBound < 8)
        let frame = ChartFrame(total: 400, showing: range)
        // It runs along the upper edge.
        #expect(frame.down(50) == 2)
    }

    @Test func aLongCurveIsThinnedAndKeepsItsSpikes() {
        var long = LossCurve(planned: 100_000)
        for step in 1...100_000 { long.append(step: step, loss: step == 61_803 ? 9 : 1 / Double(step)) }
        let points = long.thinned(to: 300)
        #expect(points.count <= 301 && points.contains { $0.loss == 9 })
        #expect(points.map(\.step) == points.map(\.step).sorted())
        #expect(points.first?.step == 1 && points.last?.step == 100_000)
        let chart = PanelChart(total: 100_000, epochs: [], curve: long)
        #expect(chart.html.utf8.count < 20_000)
    }

    @Test(arguments: [
        (0.31...0.69, 0.3...0.7), (0.0...1.0, 0.0...1.0), (2.5...2.5, 2.5...2.65),
        (0.00011...0.00034, 0.0001...0.00035),
    ])
    func axesEndAtRoundNumbers(range: ClosedRange<Double>, wanted: ClosedRange<Double>) {
        let (rounded, step) = Ticks.widened(range, parts: 5)
        #expect(rounded.lowerBound <= range.lowerBound + 1e-12)
        #expect(rounded.upperBound >= range.upperBound - 1e-12)
        #expect(abs(rounded.lowerBound - wanted.lowerBound) < 1e-9)
        #expect(abs(rounded.upperBound - wanted.upperBound) < 1e-9)
        let lines = (rounded.upperBound - rounded.lowerBound) / step
        #expect(lines < 5.01 && abs(lines - lines.rounded()) < 1e-6)
    }

    @Test func theBestEpochHasAWordAndATint() {
        let table = PanelTable(
            columns: [
                .init("epoch", isText: true), .init("accuracy", aside: "95%"), .init("", isText: true),
            ],
            rows: [
                .init([.init("0"), .absent, .init("", aside: "untuned")]),
                .init(
                    [.init("1"), .init("74%", aside: "65–82"), .init("best", isStrong: true)], isTinted: true),
            ])
        #expect(table.html.contains("<tr style=\"background:rgba(213,94,0,0.12)\">"))
        #expect(table.html.contains(">best</b>"))
        #expect(table.html.contains("74% &nbsp;<span style=\"opacity:0.72\">65–82</span>"))
    }
}
