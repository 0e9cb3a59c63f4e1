import Testing

@testable import Display

/// `terminal.txt` of the design: the last facts go first, percentage and time left never.
@Suite struct FactsLineTests {
    private let line = FactsLine(
        headline: "43%", detail: "26 s left",
        facts: [
            .init("step", "54/126"), .init("epoch", "2 of 3"), .init("loss", "0.517"),
            .init("memory", "312 MB", plain: "312 MB"),
        ])
    private let bar = ProgressBar(share: 54.0 / 126)

    @Test(arguments: [
        (80, "43% ━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 26 s left  step 54/126  epoch 2 of 3  loss 0.517  312 MB"),
        (76, "43% ━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 26 s left  step 54/126  epoch 2 of 3  loss 0.517"),
        (60, "43% ━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 26 s left  step 54/126  epoch 2 of 3"),
        (40, "43% ━━━━━━━━╌╌╌╌╌╌╌╌╌╌ 26 s left"), (20, "43% 26 s left"), (3, "43% 26 s left"),
    ])
    func wordsAreNeverBrokenAndTheTimeLeftStays(columns: Int, wanted: String) {
        #expect(line.plain(columns: columns, bar: bar) == wanted)
    }

    @Test func aRowIsOneLineHighAndWrapsTheRestOutOfSight() {
        #expect(line.html.contains("height:19px;overflow:hidden"))
        #expect(line.html.contains("flex-wrap:wrap"))
        // What is never dropped stands outside of the row that wraps.
        let row = line.html.range(of: "flex-wrap:wrap")
        let left = line.html.range(of: "26 s left")
        #expect(row.flatMap { row in left.map { $0.lowerBound < row.lowerBound } } == true)
    }

    @Test(arguments: [
        (ProgressView.State.running, "#1A80C4"), (.stopped, Palette.neutral), (.finished, Palette.colour(2)),
    ])
    func theBarTellsTheState(state: ProgressView.State, colour: String) {
        let html = ProgressBar(share: 0.5, marks: [1.0 / 3, 2.0 / 3, 1], state: state).html
        #expect(html.contains("width:50.00%;height:6px;background:\(colour)"))
        #expect(html.contains("left:33.33%") && html.contains("left:66.67%"))
        // The end of the run is the bar's.
        #expect(!html.contains("left:100.00%"))
    }
}
