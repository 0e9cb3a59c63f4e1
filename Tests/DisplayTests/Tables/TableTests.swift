import JSON
import Testing

@testable import Display

@Suite struct TableTests {
    private let table = Table(
        columns: ["class", .number("f1", .fixed(3)), "text", Table.Column("right", key: "ok")],
        rows: [
            ["ham", .estimate(0.981, low: 0.97, high: 0.99), "日本 | <i>\nline two", true],
            ["spam", 0.9, "short"],
        ], caption: "By class", notes: ["intervals: 95%"])

    @Test func aFigureThatThereIsNotIsNullAndATextStaysOne() {
        let table = Table(columns: ["class", "f1"], rows: [["–", .absent], ["a", 0.5]])
        #expect(table.value == [["class": "–", "f1": nil], ["class": "a", "f1": 0.5]])
        #expect(table.plain.hasSuffix("a      0.5") && table.plain.contains("–        –"))
    }

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
        #expect(html.hasPrefix("<div class=\"tex2jax_ignore mathjax_ignore\">") && html.hasSuffix("</div>"))
        for banned in ["<style", "<script", " id=", "<i>"] { #expect(!html.contains(banned)) }
        #expect(html.contains("日本 | &lt;i&gt;<br>line two"))
    }

    @Test func warningsStandApartAndOriginsAreFolded() {
        let table = Table(
            columns: ["n"], rows: [[1]], notes: ["a note"], warnings: ["<careful>"], origins: ["from there"])
        #expect(
            table.html.contains(
                "border-left: 3px solid #D55E00; padding-left: 8px; margin: 4px 0\">&lt;careful&gt;"))
        #expect(table.html.contains("<details") && table.html.contains("from there</details>"))
        #expect(table.plain.hasSuffix("! <careful>\n  a note\n  from there"))
        #expect(table.markdown.contains("**&lt;careful&gt;**\n\n*a note*"))
        #expect(table.latex.contains(#"\textbf{\textless{}careful\textgreater{}}"#))
        #expect(table.mimeBundle().sentences == 3)
    }

    @Test func whatIsTooLongOrTooWideIsCutInTheMiddleAndSaysSo() {
        var long = Table(columns: ["n"], rows: [])
        for number in 1...1234 { long.add([.integer(number)]) }
        let bundle = long.mimeBundle()
        let html = bundle.data[MimeType.html]?.string ?? ""
        #expect(html.count { $0 == "\n" } < 200 && html.contains(">150<") && html.contains(">1,234<"))
        #expect(!html.contains(">151<") && html.contains("1,064 of 1,234 rows are left out"))
        #expect(long.value.array?.count == 1234)
        let names = (1...30).map { Table.Column("c\($0)") }
        let wide = Table(columns: names, rows: [names.indices.map { .integer($0) }]).mimeBundle()
        let markdown = wide.data[MimeType.markdown]?.string ?? ""
        #expect(markdown.contains("8 of 30 columns are left out") && markdown.contains("| c16 | … | c25 |"))
        // A terminal has room for fewer.
        #expect(wide.plain.contains("c13  …  c27") && wide.plain.contains("13 of 30 columns are left out"))
        #expect(wide.plain.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func aLongTextIsOnOneLineWithTheRestFolded() {
        let text = String(repeating: "word ", count: 60) + "<end>"
        let html = Table.content(of: text)
        #expect(html.hasPrefix("<details><summary>word") && html.contains("…</summary>"))
        #expect(html.contains("&lt;end&gt;</div></details>"))
        #expect(Table.content(of: "short\nof two lines") == "short<br>of two lines")
    }

    /// A class may be called so: the figures beside it stay in sight.
    @Test func aLongNameIsCutInItsMiddleAndWholeUnderThePointer() {
        let (name, end) = (String(repeating: "long", count: 50), "end")
        let table = Table(columns: ["class", Table.Column("\(name)\(end)")], rows: [["\(name)\(end)", 1]])
        let html = table.html
        #expect(html.components(separatedBy: "title=\"\(name)\(end)\"").count == 3)
        let shown = html.replacing(/title="[^"]*"/, with: "")
        #expect(!shown.contains(name) && shown.contains("longlong") && shown.contains("…"))
        #expect(shown.contains("longend<"))
        // Words that a line can part stay as they are.
        let words = Table(
            columns: [Table.Column("text")], rows: [["one two three four five six seven eight nine"]])
        #expect(words.html.contains(">one two three four five six seven eight nine<"))
    }

    @Test func everyFormIsInTheBundle() {
        #expect(
            table.mimeBundle().data.keys == [
                MimeType.html, MimeType.markdown, MimeType.latex, MimeType.plain,
            ])
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
