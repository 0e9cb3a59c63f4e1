import Testing

@testable import Display

/// Tables in lines of 80 columns.
@Suite struct NarrowTableTests {
    private func widest(_ text: String) -> Int {
        text.split(separator: "\n").map { String($0).displayWidth }.max() ?? 0
    }

    @Test func titlesGoOnInASecondLineBeforeFiguresAreCut() {
        let titles = [
            "words, median", "words, 95%", "tokens, median", "tokens, 95%", "negative texts",
            "positive texts",
        ]
        let table = Table(
            columns: ["part"] + titles.map { .number($0, .automatic) },
            rows: [["train"] + titles.map { _ in 1_234_567 }])
        #expect(
            table.plain == """
                          words,     words,    tokens,    tokens,   negative   positive
                part      median        95%     median        95%      texts      texts
                ─────  ─────────  ─────────  ─────────  ─────────  ─────────  ─────────
                train  1,234,567  1,234,567  1,234,567  1,234,567  1,234,567  1,234,567
                """)
    }

    @Test func textsAreCutAfterAWord() {
        let text = String(repeating: "seven letters ", count: 9)
        let table = Table(columns: ["class", "text"], rows: [["a class with a name", .text(text)]])
        #expect(widest(table.plain) <= 80)
        #expect(
            table.plain.contains("a class with a name  seven letters") && table.plain.hasSuffix("letters…"))
        let two = Table(
            columns: [Table.Column("one", widthLimit: 90), Table.Column("other", widthLimit: 90)],
            rows: [[.text(text), .text(text)]])
        #expect(widest(two.plain) <= 80 && two.plain.count { $0 == "…" } == 2)
    }

    @Test func whereThatDoesNotDoColumnsAreLeftOutAloud() {
        let table = Table(
            columns: ["true"] + (1...40).map { .number("intent \($0)", .automatic) },
            rows: [["intent 1"] + (1...40).map { .integer($0 * 100_000) }])
        let plain = table.plain
        #expect(widest(plain) <= 80)
        #expect(plain.contains("  …  ") && plain.hasSuffix("of 41 columns are left out"))
        #expect(plain.contains("100,000  ") && plain.contains("4,000,000"))
    }

    @Test func whatWasAskedForGoesLast() {
        var columns: [Table.Column] = ["true"] + (1...12).map { .number("figure\($0)", .automatic) }
        columns[6].isKept = true
        let table = Table(
            columns: columns, rows: [["intent 1"] + (1...12).map { .integer($0 * 1_000_000) }])
        let plain = table.plain
        #expect(widest(plain) <= 80)
        #expect(plain.contains("figure6") && plain.contains("6,000,000") && !plain.contains("figure5"))
        #expect(plain.contains("figure1 ") && plain.contains("figure12"))
        #expect(plain.hasSuffix("of 13 columns are left out"))
        #expect(plain.split(separator: "\n").first?.components(separatedBy: "  …  ").count == 3)
    }

    @Test func figuresThatNoLineHasRoomForStayWhole() {
        let long = String(repeating: "9", count: 90)
        let table = Table(
            columns: [Table.Column("n", alignment: .trailing, widthLimit: 100)], rows: [[.text(long)]])
        #expect(table.plain.contains(long))
    }

    /// Two classes with long names, as `table confusion` has them.
    @Test func titlesThatNoPageHasRoomForStayWhole() {
        let names = ["a", "b"].map { String(repeating: $0, count: 90) }
        let table = Table(
            columns: ["true"] + names.map { .number($0, .automatic) },
            rows: names.map { [.text($0), .integer(1), .integer(2)] })
        #expect(table.latex.contains(names[0]) && table.mimeBundle().data[MimeType.latex] != nil)
    }

    @Test(arguments: [
        ([10, 20, 70], [10, 12, 12], 80, [10, 20, 50]), ([50, 50], [12, 12], 80, [40, 40]),
        ([10, 20], [10, 12], 80, [10, 20]), ([50, 50], [50, 12], 70, [50, 20]),
    ])
    func theWidestColumnsAreNarrowed(natural: [Int], least: [Int], room: Int, widths: [Int]) {
        #expect(ColumnWidths.shared(natural, least: least, room: room) == widths)
    }

    @Test func nothingIsNarrowedUnderItsLeast() {
        #expect(ColumnWidths.shared([50, 50], least: [40, 41], room: 80) == nil)
    }
}
