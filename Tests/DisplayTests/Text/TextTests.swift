import Display
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("🦜", 2), ("👩‍👩‍👧", 2), ("❤️", 2), ("", 0), ("ｆｕｌｌ", 8),
        ("café", 4),
    ])
    func widthIsThatOfATerminal(text: String, width: Int) {
        #expect(text.displayWidth == width)
    }

    @Test func clippingNeverCutsACharacter() {
        #expect("日本語です".clipped(to: 5) == "日本…")
        #expect("short".clipped(to: 5) == "short")
        #expect("longer".clipped(to: 5) == "long…")
    }

    @Test(arguments: [
        ("one two three four", 14, "one two three…"), ("one two three four", 16, "one two three…"),
        ("one two", 7, "one two"), ("onewordthatislong", 8, "oneword…"), ("a wordthatislong", 8, "a wordt…"),
        ("", 4, ""),
    ])
    func cuttingLeavesWordsWholeWhereItCan(text: String, width: Int, cut: String) {
        #expect(text.clippedAfterWord(to: width) == cut)
    }

    @Test func aCutInTheMiddleKeepsTheEnd() {
        let (one, other) = ("identity verification declined", "identity verification pending")
        #expect(one.clippedInMiddle(to: 20) == "identity …n declined")
        #expect(other.clippedInMiddle(to: 20) != one.clippedInMiddle(to: 20))
        #expect("short".clippedInMiddle(to: 20) == "short")
        for width in 2...9 {
            let cut = String(repeating: "日", count: 30).clippedInMiddle(to: width)
            #expect(cut.displayWidth <= width && cut.contains("…"))
        }
    }

    /// After a word where that tells them apart, and in the middle where it does not.
    @Test(arguments: [
        ("a short text", "a short text"), ("abcdefghijklmnop", "abcd…lmnop"),
        ("see abcdefghijklmnop there", "see abcd…lmnop there"), ("", ""),
        ("one two three four five", "one two three four five"), ("日本語の文です日本語の文です", "日本語の文です日本語の文です"),
        ("日本abcdefghijklmnop語", "日本abcd…lmnop語"),
    ])
    func wordsThatNoLinePartsAreCut(text: String, cut: String) {
        #expect(text.withWordsClipped(to: 10) == cut)
    }

    @Test func textsOfOneColumnStayApart() {
        #expect(String.clipped(["one two three", "four five six"], to: 8) == ["one two…", "four…"])
        let cut = String.clipped(["the long name of 1", "the long name of 2", "short"], to: 9)
        #expect(cut == ["the …of 1", "the …of 2", "short"])
        #expect(String.clipped(["the long name", "the long name"], to: 8) == ["the lon…", "the lon…"])
    }

    @Test func aFrontEndThatBreaksWordsGetsWrappedSentences() {
        let bundle = Message("one two six").mimeBundle()
        #expect(bundle.wrapped(to: 7).plain == "one two\nsix" && bundle.wrapped(to: .max) == bundle)
    }

    @Test(arguments: [
        ("one two three", 80, "one two three"), ("one two three", 8, "one two\nthree"),
        ("  one two three", 8, "  one\n  two\n  three"), ("a\n\nbb cc dd", 5, "a\n\nbb cc\ndd"),
        ("r   rank of all", 12, "r   rank of\n    all"), ("longerthanthat it is", 6, "longerthanthat\nit is"),
        ("日本 日本 日", 5, "日本\n日本\n日"), ("", 5, ""), ("      ", 3, "      "),
        ("  wwwwwwwwww", 4, "  wwwwwwwwww"),
    ])
    func sentencesAreWrappedAtSpaces(text: String, width: Int, wrapped: String) {
        #expect(text.wrapped(to: width) == wrapped)
    }

    @Test func aTerminalWrapsSentencesAndNoRows() {
        let table = Table(
            columns: ["a", "b"], rows: [["one two three", "four five six"]], notes: ["seven eight nine ten"])
        let plain = table.mimeBundle().plain(wrappedTo: 13)
        #expect(plain.contains("one two three  four five six\n  seven eight\n  nine ten"))
        #expect(table.mimeBundle().plain(wrappedTo: 200) == table.plain)
        #expect(Message("one two", isWrapped: false).mimeBundle().plain(wrappedTo: 3) == "one two")
        #expect(Message("one two\nsix").mimeBundle().plain(wrappedTo: 3) == "one\ntwo\nsix")
    }

    @Test func paddingFillsBothSides() {
        #expect("日".padded(to: 4, .trailing) == "  日")
        #expect("a".padded(to: 4, .centre) == " a  ")
        #expect("long".padded(to: 2) == "long")
    }

    @Test func escapedTextHoldsNoMarkup() {
        #expect("<b a='x' c=\"y\">&".htmlEscaped == "&lt;b a=&#39;x&#39; c=&quot;y&quot;&gt;&amp;")
        #expect("a|b*c\n<i>".markdownEscaped == "a\\|b\\*c<br>&lt;i&gt;")
        #expect("a\u{1B}[31m\u{202E}b\u{0}".withoutControls == "a[31mb")
    }

    @Test(arguments: [
        (NumberStyle.automatic, 1234.0, "1,234"), (.automatic, 12345, "12,345"),
        (.automatic, -1_234_567, "-1,234,567"),
        (.automatic, 0.123456, "0.1235"), (.automatic, 2e-5, "2e-05"), (.automatic, 0, "0"),
        (.automatic, 12345.67, "12,345.7"), (.ungrouped, 12345, "12345"), (.fixed(3), 0.9666, "0.967"),
        (.fixed(2), -0.001, "0.00"), (.percent(1), 0.9666, "96.7%"), (.scientific(1), 5e-4, "5.0e-04"),
        (.bytes, 12_800_000, "12.8 MB"), (.bytes, 999, "999 B"), (.bytes, 999_600, "1.0 MB"),
        (.seconds, 3.21, "3.2 s"), (.seconds, 245, "4 min 05 s"), (.seconds, 7322, "2 h 02 min"),
        (.automatic, .infinity, "∞"), (.fixed(2), .nan, "not a number"),
    ])
    func numbersAreWrittenForPeople(style: NumberStyle, number: Double, text: String) {
        #expect(style.text(number) == text)
    }
}
