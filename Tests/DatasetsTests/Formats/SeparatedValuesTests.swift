import Datasets
import Diagnostics
import Foundation
import System
import TestScratch
import Testing

@Suite struct SeparatedValuesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func texts(_ content: String, name: String = "data.csv") throws -> [Int: Example] {
        let dataset = try scratch.load(.init(path: try scratch.file(name, content)))
        let all = dataset.train + dataset.validation + dataset.test
        return Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })
    }

    @Test(arguments: ["\n", "\r\n"])
    func quotesCommasAndLineBreaksInsideQuotesAreText(end: String) throws {
        let rows = [
            "\u{FEFF}text,label", "\"a, \"\"b\"\"\", x ".replacing(", x ", with: ",x"), "\"two\nlines\",y",
            "plain,x",
            "\"\",y", "last one,y",
        ]
        let found = try texts(rows.joined(separator: end))
        #expect(found[0]?.text == "a, \"b\"")
        #expect(found[1]?.text == "two\nlines")
        #expect(found[2]?.text == "plain")
        #expect(found.count == 4, "the empty text is dropped")
    }

    @Test func linesMayEndWithCRAlone() throws {
        let found = try texts("text,label\rone two,a\r\"three,\rfour\",b\rfive six,a\r")
        #expect(found.values.map(\.text).sorted() == ["five six", "one two", "three,\nfour"])
    }

    @Test(arguments: [";", "|", "\t"])
    func otherSeparatorsAreFound(separator: String) throws {
        let lines = ["text,label", "one two,a", "three four,b", "five six,a"]
        let found = try texts(lines.map { $0.replacing(",", with: separator) }.joined(separator: "\n"))
        #expect(found[1]?.text == "three four")
    }

    @Test func quotesInTabSeparatedTextAreLetters() throws {
        let found = try texts("text\tlabel\n\"so he said\ta\n5\" wide\tb\nok then\ta", name: "data.tsv")
        #expect(found[0]?.text == "\"so he said")
    }

    @Test func pairedQuotesInTabSeparatedTextAreQuotes() throws {
        let found = try texts("text\tlabel\n\"he said \"\"no\"\"\"\ta\nyes he did\tb\n", name: "data.tsv")
        #expect(found[0]?.text == "he said \"no\"")
    }

    @Test func aFileWithoutHeaderGetsColumnNames() throws {
        let path = try scratch.file(
            "d.csv", "spam,win a prize now\nham,see you at noon\nham,home late today\nspam,free\n")
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.columns == ["column1", "column2"])
        #expect(dataset.textColumn == "column2")
        #expect(dataset.labels == ["ham", "spam"])
        #expect(dataset.notes.contains { $0.contains("no header") })
    }

    @Test func oddHeadersAreSaid() throws {
        let path = try scratch.file(
            "d.csv",
            "text,label,text,\n" + (0..<8).map { "text \($0),\($0 % 2),x,y\n" }.joined()
                + "text,label,text,\n")
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.columns == ["text", "label", "text_2", "column4"])
        #expect(dataset.unusedColumns == ["text_2", "column4"])
        let notes = dataset.notes.joined(separator: "\n")
        #expect(notes.contains("a second column text is called text_2"))
        #expect(notes.contains("column 4 has no name: it is called column4"))
        #expect(notes.contains("1 row dropped that repeats the header"))
    }

    @Test func aFileOfSentencesLosesNoFirstLine() throws {
        let found = try texts("the first line is text\nso is the second\nand the third", name: "d.txt")
        #expect(found.values.map(\.text).contains("the first line is text"))
    }

    @Test(.enabled(if: ChildProcess.find("gzip") != nil)) func aPackedFileIsKnownWithoutItsEnding() throws {
        let path = try scratch.file("d.csv", "text,label\none two,a\nthree four,b\n")
        _ = try ChildProcess(try #require(ChildProcess.find("gzip")), [path]).run()
        let bytes = try #require(FileManager.default.contents(atPath: "\(path).gz"))
        #expect(
            try scratch.load(.init(path: try scratch.file("f.csv", [UInt8](bytes)))).labels == ["a", "b"])
    }

    @Test(arguments: [
        ("", "empty-file"), ("\n\n", "no-rows"), ("text,label\n", "no-rows"),
        ("text,label\n\"never closed,a\nmore,b\n", "open-quote"), ("text,label\n\"a\"b,c\n", "bad-quote"),
        ("text,label\na,b\nc\n", "ragged-row"), ("text,label\na,b\nc,d,e\n", "ragged-row"),
        ("text,label\na,x\nb,x\n", "single-class"), ("a,b\n1,2\n3,4\n", "missing-column"),
        ("text,label\n,x\n , y\n", "no-rows"), ("text\0,label\n", "not-text"),
        ("text,label\n" + String(repeating: "a text,x\nb text,y\n", count: 500) + "c\0,x\n", "not-text"),
        ("<!DOCTYPE html>\n<html><body>404, not found</body></html>\n", "not-data"),
        ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "not-data"),
    ])
    func aBrokenFileIsADiagnostic(content: String, expected: String) throws {
        let path = try scratch.file("d.csv", content)
        #expect(code { try scratch.load(.init(path: path)) } == expected)
    }

    @Test func theDiagnosticNamesTheLine() throws {
        let path = try scratch.file("d.csv", "text,label\n\"a\nb\",x\nshort\n")
        #expect {
            try scratch.load(.init(path: path))
        } throws: { "\($0)".contains("line 4 of") }
    }
}
