import JSON
import Testing

@testable import Display

@Suite struct FoldedFactsTests {
    private let plan = FoldedFacts(
        line: ["imdb <b>", "500 texts", "126 steps", "LoRA r=8", "0.33% trained"],
        facts: KeyValue([.init("lr", "0.001"), .init("seed", 42)]),
        notes: [PanelNote("31 of 500 texts lose their end", isWarning: true)])

    @Test func oneLineAndWhatMustBeHeeded() {
        #expect(
            plan.plain == """
                imdb <b> · 500 texts · 126 steps · LoRA r=8 · 0.33% trained
                  31 of 500 texts lose their end
                """)
    }

    @Test func aFigureStaysBesideItsUnit() {
        var long = plan
        long.line += ["a method of words", "10.5 MB more"]
        let lines = long.plain.split(separator: "\n").map(String.init)
        #expect(lines[0].hasSuffix("a method of words") && lines[1] == "10.5 MB more", "\(lines)")
    }

    @Test func theRestIsFoldedUnderIt() throws {
        let html = try #require(plan.mimeBundle().data[MimeType.html]?.string)
        let fold = try #require(html.range(of: "</details>"))
        let warning = try #require(html.range(of: "lose their end"))
        #expect(html.contains("<b>imdb &lt;b&gt;</b> · "))
        #expect(html[..<fold.lowerBound].contains("0.001"))
        #expect(warning.lowerBound > fold.upperBound, "a warning is never folded away")
        #expect(html.contains("border-left:3px solid #D55E00"))
        #expect(plan.value == ["lr": "0.001", "seed": 42])
        for type in [MimeType.markdown, MimeType.latex] {
            #expect(plan.mimeBundle().data[type]?.string?.contains("500 texts") == true)
        }
    }

    @Test func aNarrowTerminalBreaksItAtWords() {
        let lines = plan.mimeBundle().plain(wrappedTo: 30).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 30 })
        #expect(lines.joined(separator: " ").contains("126 steps"))
    }
}
