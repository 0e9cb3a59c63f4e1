import Display
import JSON
import Testing

@Suite struct ProgressViewTests {
    private var view: ProgressView {
        ProgressView(title: "evaluate", done: 80, total: 120, unit: "example", timeLeft: "12 s left <b>")
    }

    @Test func runningShowsABar() {
        #expect(view.plain == "evaluate 66% ━━━━━━━━━━━━╌╌╌╌╌╌ 12 s left <b>  example 80/120")
    }

    @Test func theFinalStateIsPlain() {
        var done = view
        (done.state, done.done, done.timeLeft) = (.finished, 120, "")
        #expect(done.plain == "evaluate done  example 120/120")
    }

    @Test func htmlLivesOnInlineStylesAndTakesNoMarkupFromFacts() {
        #expect(view.html.contains("width:66.67%;height:6px;background:#1A80C4"))
        #expect(view.html.contains("12 s left &lt;b&gt;"))
        for banned in ["<style", "<script", " id=", "var(", "currentColor"] {
            #expect(!view.html.contains(banned))
        }
    }

    @Test(arguments: [(0, 0), (5, 0), (-1, 10), (20, 10)])
    func oddCountsStillShow(done: Int, total: Int) {
        var odd = view
        odd.done = done
        odd.total = total
        #expect((0...1).contains(odd.share))
        #expect(!odd.plain.isEmpty)
    }
}
