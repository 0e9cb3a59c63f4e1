import Testing

@testable import Display

@Suite struct MarkupTests {
    @Test func aScaleShowsIntervalPointAndBaseline() {
        let scale = IntervalScale(0.84, in: 0.783...0.884, baseline: 0.505, count: 200)
        #expect(
            scale.plain == """
                0% ─────────────────────────│────────────━━━●━━────── 100%
                                      baseline 50.5
                """)
        let html = scale.html
        for place in ["left:78.3%;width:10.1%", "left:84.0%", "left:50.5%"] { #expect(html.contains(place)) }
        #expect(html.contains(">0%</span>") && html.contains(">100%</span>"))
    }

    @Test func wordsOfAScaleDoNotStandOnEachOther() {
        let low = IntervalScale(0.1, in: 0...0.3, baseline: 0.05, count: 20)
        #expect(!low.html.contains(">0%</span>") && low.html.contains("baseline 5<"))
        #expect(low.plain.hasSuffix("   baseline 5"))
        let high = IntervalScale(1, in: 0.9...1, baseline: 0.98, count: 20)
        #expect(!high.html.contains(">100%</span>"))
        for line in high.plain.split(separator: "\n") { #expect(line.count <= 80) }
    }

    @Test func aLongNameIsCutAndWholeUnderThePointer() {
        #expect(Markup.short("a <b>", to: 10) == "a &lt;b&gt;")
        let name = String(repeating: "very", count: 9) + "long"
        #expect(Markup.short(name, to: 10) == "<span title=\"\(name)\">very…ylong</span>")
        #expect(Markup.folded("more", []) == "")
        #expect(Markup.folded("more", ["<a>", "b"]).contains(">more</summary>"))
        #expect(Markup.folded("more", ["<a>", "b"]).contains(">&lt;a&gt; · b</div></details>"))
    }

    @Test func aWarningsFirstSentenceStandsOut() {
        let html = Markup.warning("nothing <learnt>: train first")
        #expect(html.contains("<b style=\"font-weight:600\">nothing &lt;learnt&gt;</b>: train first"))
        #expect(html.contains("border-left:3px solid #D55E00"))
    }

    @Test func sharesOfFewTextsHaveNoDecimal() {
        #expect(NumberStyle.share(of: 199).text(0.7437) == "74%")
        #expect(NumberStyle.share(of: 200).text(0.7437) == "74.4%")
        #expect(signedPoints(0.335, of: 200) == "+33.5")
        #expect(signedPoints(-0.042, of: 100) == "−4")
        #expect(signedPoints(0.0004, of: 200) == nil && signedPoints(-0.004, of: 100) == nil)
    }
}
