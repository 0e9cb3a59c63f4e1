import Display
import JSON
import Testing

@Suite struct ProgressViewTests {
    private var view: ProgressView {
        ProgressView(
            title: "train", done: 80, total: 120, facts: [.init("loss", "0.42"), .init("left", "12 s <b>")],
            curve: [2, 1.5, .nan, 1])
    }

    @Test func runningShowsABar() {
        #expect(view.plain == "train ━━━━━━━━━━━━━━━━╌╌╌╌╌╌╌╌ 66%  step 80/120  loss 0.42  left 12 s <b>")
    }

    @Test func theFinalStateIsPlain() {
        var done = view
        done.state = .finished
        done.done = 120
        #expect(done.plain == "train done  step 120/120  loss 0.42  left 12 s <b>")
    }

    @Test func htmlHoldsTheCurveAndNoMarkupFromFacts() {
        #expect(view.html.contains("<polyline"))
        #expect(view.html.contains("12 s &lt;b&gt;"))
        for banned in ["<style", "<script", " id=", "nan"] { #expect(!view.html.contains(banned)) }
    }

    @Test(arguments: [(0, 0), (5, 0), (-1, 10), (20, 10)])
    func oddCountsStillShow(done: Int, total: Int) {
        var odd = view
        odd.done = done
        odd.total = total
        #expect((0...1).contains(odd.share))
        #expect(!odd.plain.isEmpty)
    }

    @Test func aLongCurveIsThinned() {
        var long = view
        long.curve = (0..<100_000).map { 1 / Double($0 + 1) }
        #expect(long.html.utf8.count < 8000)
    }
}
