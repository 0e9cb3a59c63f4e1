import Display
import JSON
import Testing

@Suite struct TableTests {
    private let table = Table(
        columns: ["class", .number("f1", .fixed(3)), "text", Table.Column("right", key: "ok")],
        rows: [
            ["ham", .estimate(0.981, low: 0.97, high: 0.99), "日本 | <i>\nline two", true],
            ["spam", 0.9, "short"],
        ], caption: "By class", notes: ["intervals: 95%"])

    @Test func plainTextIsLinedUpByWidth() {
        #expect(
            table.plain == """
                By class
                class                   f1  text                   right
                ─────  ───────────────────  ─────────────────────  ─────
                ham    0.981 (0.970–0.990)  日本 | <i> ⏎ line two  yes
                spam                 0.900  short
                  intervals: 95%
                """)
    }

    @Test func markdownIsAPipeTable() {
        #expect(
            table.markdown == """
                **By class**

                | class | f1 | text | right |
                | :--- | ---: | :--- | :--- |
                | ham | 0.981 (0.970–0.990) | 日本 \\| &lt;i&gt;<br>line two | yes |
                | spam | 0.900 | short |  |

                *intervals: 95%*
                """)
    }

    @Test func htmlIsSelfContainedAndEscaped() {
        let html = table.html
        #expect(html.hasPrefix("<table"))
        for banned in ["<style", "<script", " id=", "<i>"] { #expect(!html.contains(banned)) }
        #expect(html.contains("日本 | &lt;i&gt;<br>line two"))
    }

    @Test func everyFormIsInTheBundle() {
        #expect(
            table.mimeBundle().data.keys == [
                MimeType.html, MimeType.markdown, MimeType.latex, MimeType.plain,
            ])
    }

    @Test func latexQuotesEveryLetterWithAMeaning() {
        #expect(
            #"\a{b} 5% & #1_2 $^~<"#.latexEscaped
                == ##"\textbackslash{}a\{b\} 5\% \& \#1\_2 \$\textasciicircum{}\textasciitilde{}\textless{}"##
        )
        let table = Table(columns: ["name", .number("n", .automatic)], rows: [["a & b", 2]])
        #expect(
            table.latex == #"""
                \begin{tabular}{lr}
                \hline
                name & n \\
                \hline
                a \& b & 2 \\
                \hline
                \end{tabular}
                """#)
    }

    @Test func valuesAreObjectsByColumn() {
        #expect(table.value[1] == ["class": "spam", "f1": 0.9, "text": "short", "ok": nil])
        #expect(table.value[0]?["f1"] == ["value": 0.981, "low": 0.97, "high": 0.99])
    }

    @Test func anEmptyTableSaysSo() {
        #expect(Table(columns: ["a"]).plain == "a\n─\n(no rows)")
    }

    @Test func aColumnOfNumbersStandsRight() {
        let numbers = Table(columns: ["n"], rows: [[1], [.empty], [20]])
        #expect(numbers.markdown.contains("---:"))
        #expect(Table(columns: ["n"], rows: [[1], ["x"]]).markdown.contains(":---"))
    }

    @Test func factsHaveNoTitleLine() {
        let facts = KeyValue(
            [.init("rows", 25_000), .init("rate", 0.5, key: "share", style: .percent(0))], caption: "Facts")
        #expect(facts.mimeBundle().plain == "Facts\n────  ──────\nrows  25,000\nrate  50%")
        #expect(facts.value == ["rows": 25_000, "share": 0.5])
    }
}
