import Foundation
import JSON
import Testing

@testable import Display

@Suite struct ConfusionViewTests {
    static let two = ConfusionView(
        [[61, 39], [40, 60]], labels: ["negative", "positive"], of: "imdb, test")

    static let six = ConfusionView(
        [
            [11, 0, 3, 1, 0, 0], [1, 4, 2, 0, 0, 0], [0, 0, 12, 1, 0, 0], [0, 1, 1, 1, 0, 0],
            [1, 0, 0, 0, 3, 0], [2, 0, 3, 1, 0, 0],
        ],
        labels: [
            "billing and refunds", "feature request", "login problem", "other", "praise", "shipping delay",
        ], of: "tickets, test")

    /// Labels of many lengths; most texts on the diagonal.
    static func many(_ count: Int) -> ConfusionView {
        let counts = (0..<count).map { row in
            (0..<count).map { column in row == column ? 20 + row : (row * 7 + column * 3) % 11 == 0 ? 2 : 0 }
        }
        let labels = (0..<count).map { index in
            "class \(index) " + String(repeating: "long ", count: index % 5)
        }
        return ConfusionView(counts, labels: labels, of: "banking, test")
    }

    private func svg(_ view: ConfusionView) throws -> String {
        let bundle = view.mimeBundle()
        return try #require(bundle.data[MimeType.svg]?.string, "\(bundle.plain)")
    }

    // MARK: - Colour

    @Test func aCellOfThePageIsFilledByItsShareOfTheRow() {
        let html = ConfusionView([[0, 10], [5, 5]], labels: ["a", "b"], of: "t").html
        let fills = html.matches(of: #/height:64px[^"]*background:rgba\(26,128,196,([\d.]+)\)/#).map {
            String($0.1)
        }
        #expect(fills == ["0.000", "0.850", "0.425", "0.425"])
    }

    @Test(.enabled(if: Gnuplot.installed != nil)) func aCellOfThePictureIsFilledByItsShareOfTheRow() throws {
        let svg = try svg(ConfusionView([[0, 10], [5, 5]], labels: ["a", "b"], of: "t"))
        let fills = svg.matches(of: #/<polygon fill = 'rgb\(\s*(\d+),\s*(\d+),\s*(\d+)\)'/#).map {
            [$0.1, $0.2, $0.3].compactMap { Int($0) }
        }
        // The legend stands before the cells: 0, 25, 50, 75 and 100%.
        #expect(fills.count == 9)
        let (none, half, whole) = ([255, 255, 255], [158, 201, 230], [60, 147, 205])
        #expect(fills.suffix(4) == [none, whole, half, half])
        #expect([fills[0], fills[2], fills[4]] == [none, half, whole])
    }

    /// A large count in a larger row must not look as full as a small row that is all one class.
    @Test func theFillIsNoMatterOfCounts() {
        let html = ConfusionView([[600, 400], [0, 3]], labels: ["a", "b"], of: "t").html
        #expect(html.contains("background:rgba(26,128,196,0.510)") && html.contains("0.850"))
    }

    // MARK: - Labels

    @Test(.enabled(if: Gnuplot.installed != nil), arguments: [2, 6, 12, 13, 40])
    func noLabelsOfThePictureStandOnEachOther(_ count: Int) throws {
        let views = [2: Self.two, 6: Self.six]
        let view = views[count] ?? Self.many(count)
        let labels = SVGLabels(try svg(view))
        #expect(labels.overlaps.isEmpty, "\(labels.overlaps.prefix(5))")
        // Title, two lines, five words of legend and texts, and two labels and a total a class; counts come on top.
        #expect(labels.labels.count >= 6 + 3 * count)
        let size = ConfusionDrawing(view).size
        for label in labels.labels {
            for corner in label.corners {
                let isInside =
                    corner.x >= 0 && corner.x <= Double(size.width) && corner.y >= 0
                    && corner.y <= Double(size.height)
                #expect(isInside, "\(label.text) at \(corner) of \(size)")
            }
        }
        #expect(size.width <= 950)
    }

    /// The check itself must be able to fail.
    @Test func labelsThatStandOnEachOtherAreFound() {
        func label(_ x: Int, turned: String = "") -> String {
            "<g transform=\"translate(\(x).00,20.00)\(turned)\" font-size=\"12.00\"  text-anchor=\"start\">\n<text>words</text>"
        }
        #expect(SVGLabels(label(0) + label(20)).overlaps.count == 1)
        #expect(SVGLabels(label(0) + label(60)).overlaps.isEmpty)
        #expect(
            SVGLabels(label(0, turned: " rotate(-45)") + label(20, turned: " rotate(-45)")).overlaps.isEmpty)
        #expect(
            SVGLabels(label(0, turned: " rotate(-45)") + label(6, turned: " rotate(-45)")).overlaps.count == 1
        )
    }

    // MARK: - HTML

    @Test func aCellSaysCountOverShareAndAZeroIsMuted() {
        let html = Self.six.html
        #expect(html.contains(">11</span><br><span style=\"font-size:11px;line-height:1.2\">73%</span>"))
        #expect(html.contains("<span style=\"opacity:0.62\">0</span>"))
        #expect(html.components(separatedBy: "box-shadow:inset").count == 7)
        #expect(html.contains("title=\"true other, answered praise: 0 of 3, 0%\""))
        #expect(html.contains(">texts</th>") && html.contains("100% of the row"))
        // No colour of text or ground: both are the page's.
        #expect(!html.contains(";color:") && !html.contains("\"color:"))
    }

    @Test func longLabelsAreSlantedByTheExtensionAlone() {
        #expect(Self.six.html.contains(" lk-slant\"") && !Self.six.html.contains("<style"))
        #expect(!Self.two.html.contains("<style"))
        #expect(!Self.many(40).html.contains("<style"))
    }

    @Test func upToFortyClassesFillAloneAndSayTheirCountsOnHover() {
        let html = Self.many(40).html
        #expect(
            html.contains("title=\"true class 3 long long long , answered class 3 long long long : 23 of "))
        #expect(html.components(separatedBy: "box-shadow").count == 41)
        #expect(!html.contains("<br>"))
    }

    @Test func beyondFortyThePairsThatAreConfusedMostStandInATable() {
        var counts = Self.many(41).counts
        counts[7][9] = 30
        let view = ConfusionView(counts, labels: Self.many(41).labels, of: "banking, test")
        let bundle = view.mimeBundle()
        #expect(
            bundle.data.keys == [MimeType.html, MimeType.plain, MimeType.markdown, MimeType.latex])
        for type in [MimeType.html, MimeType.plain, MimeType.markdown, MimeType.latex] {
            let text = bundle.data[type]?.string ?? ""
            #expect(text.contains("class 7") && text.contains("class 9") && text.contains("more pairs share"))
        }
        let pairs = ConfusedPairs(view).table().value
        #expect(pairs[0]?["texts"] == 30 && pairs[0]?["answered"]?.string?.hasPrefix("class 9") == true)
    }

    @Test func aRowWithoutTextsHasNoShares() throws {
        let view = ConfusionView([[0, 0], [1, 2]], labels: ["none", "some"], of: "t")
        let bundle = view.mimeBundle()
        for type in [MimeType.html, MimeType.plain, MimeType.svg] {
            let text = bundle.data[type]?.string ?? ""
            #expect(!text.lowercased().contains("nan") && !text.contains("∞"), "\(type)")
        }
        #expect(view.html.contains("title=\"true none, answered none: 0 of 0\""))
        #expect(view.value["rows"]?[0]?["share"] == .null)
        #expect(ConfusionView([], labels: [], of: "t").plain == "Confusion  t · 0 texts")
        #expect(ConfusionView([[0]], labels: ["a"], of: "t").mimeBundle().plain.contains("0 texts"))
    }

    @Test func namesStayText() throws {
        let hostile = "<img src=x onerror=alert(1)> \"'&\u{202E}"
        let view = ConfusionView([[1, 2], [3, 4]], labels: [hostile, "b"], of: hostile)
        for view in [
            view, ConfusionView(Self.many(13).counts, labels: Array(repeating: hostile, count: 13), of: "t"),
        ] {
            let bundle = view.mimeBundle()
            #expect(bundle.data[MimeType.html]?.string?.contains("<img") == false)
            if let svg = bundle.data[MimeType.svg]?.string {
                #expect(!svg.contains("<img") && XMLProbe.isWellFormed(svg))
            }
            #expect(!bundle.plain.contains("\u{202E}"))
        }
    }

    // MARK: - Forms

    @Test(.enabled(if: Gnuplot.installed != nil)) func aPageTakesHTMLAndADocumentAPicture() {
        let bundle = Self.two.mimeBundle()
        #expect(
            Set(bundle.data.keys) == [
                MimeType.html, MimeType.plain, MimeType.svg, MimeType.png, MimeType.pdf,
            ])
        #expect(bundle.metadata["needs_background"]?.string == "light")
        #expect(bundle == Self.two.mimeBundle(), "the same bytes each time")
    }

    @Test func withoutGnuplotTheTextSaysSo() {
        let bundle = Self.two.mimeBundle(drawnBy: nil)
        #expect(bundle.data.keys == [MimeType.html, MimeType.plain])
        #expect(bundle.plain.contains("gnuplot is not installed"))
    }

    // MARK: - Text

    @Test func inATerminalAShadeStandsForAQuarterOfTheRow() {
        #expect(
            Self.two.plain == """
                Confusion  imdb, test · 200 texts · 60.5% right      rows true, columns answered

                              negative    positive   texts
                  negative   61  61% ▓   39  39% ▒     100
                  positive   40  40% ▒   60  60% ▓     100

                shade: share of the row  ░ to 25%  ▒ to 50%  ▓ to 75%  █ above
                """)
    }

    @Test func whereLabelsDoNotFitColumnsAreNumbered() {
        #expect(
            Self.six.plain == """
                Confusion  tickets, test · 48 texts · 65% right      rows true, columns answered

                                          1     2     3     4     5     6  texts
                1 billing and refunds  11 ▓   ·     3 ░   1 ░   ·     ·       15
                2 feature request       1 ░   4 ▓   2 ▒   ·     ·     ·        7
                3 login problem         ·     ·    12 █   1 ░   ·     ·       13
                4 other                 ·     1 ▒   1 ▒   1 ▒   ·     ·        3
                5 praise                1 ░   ·     ·     ·     3 ▓   ·        4
                6 shipping delay        2 ▒   ·     3 ▒   1 ░   ·     ·        6

                shade: share of the row  ░ to 25%  ▒ to 50%  ▓ to 75%  █ above
                """)
    }

    @Test(arguments: [2, 6, 12, 13, 40, 60]) func aTerminalIsNeverTooNarrow(_ count: Int) {
        for line in Self.many(count).plain.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }
}
