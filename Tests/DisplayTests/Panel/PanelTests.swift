import JSON
import Testing

@testable import Display

@Suite struct PanelTests {
    private func panel(_ detail: String) -> Panel {
        Panel(
            state: .finished, bar: ProgressBar(share: 1, state: .finished),
            line: FactsLine(headline: "Ended early", detail: detail, facts: [.init("time", "3 s")]))
    }

    @Test func aLongEndGoesOnInTheNextLine() {
        let detail = "50% on validation, the weights from before the first step were the best of all of them"
        let lines = panel(detail).plain.split(separator: "\n").map(String.init)
        #expect(lines.count == 2 && lines.allSatisfy { $0.displayWidth <= 80 }, "\(lines)")
        #expect(lines.joined(separator: " ").hasPrefix("Ended early \(detail)"))
    }

    @Test func whatUnfoldsIsWholeOnceInATerminal() throws {
        var panel = panel("50%")
        panel.folded = ["Newest", "Earlier"].map {
            Table(columns: ["text"], rows: [[.text("a <b>")]], caption: $0)
        }
        for summary in [">Newest</summary>", ">Earlier</summary>"] { #expect(panel.html.contains(summary)) }
        #expect(!panel.html.contains("a <b>"))
        #expect(panel.plain.contains("Newest") && !panel.plain.contains("Earlier"))
        let markdown = try #require(panel.mimeBundle().data[MimeType.markdown]?.string)
        #expect(markdown.contains("Newest") && !markdown.contains("Earlier"))
    }
}
