import Datasets
import Diagnostics
import Foundation
import System
import TestScratch
import Testing

@Suite struct TextEncodingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let table =
        "text,label\n" + (0..<12).map { "„Größe“ – ça fait \($0) €,\($0 % 2)\n" }.joined()
    private static let lines = (0..<12)
        .map { "{\"text\":\"„Größe“ – ça fait \($0) €\",\"label\":\($0 % 2)}\n" }.joined()

    private func bytes(_ text: String, _ encoding: String.Encoding, mark: [UInt8] = []) throws -> [UInt8] {
        mark + [UInt8](try #require(text.data(using: encoding)))
    }

    private func first(_ dataset: Dataset) -> String? {
        Split.allCases.flatMap { dataset[$0] }.first { $0.id == 0 }?.text
    }

    @Test(
        arguments: [
            (String.Encoding.utf8, [0xEF, 0xBB, 0xBF], nil), (.utf8, [], nil),
            (.utf16LittleEndian, [0xFF, 0xFE], nil), (.utf16BigEndian, [0xFE, 0xFF], nil),
            (.utf32LittleEndian, [0xFF, 0xFE, 0, 0], nil), (.utf16LittleEndian, [], "utf-16le"),
            (.utf16BigEndian, [], "utf-16be"), (.windowsCP1252, [], "windows-1252"),
        ] as [(String.Encoding, [UInt8], String?)])
    func anEncodingIsFoundOutAndSaid(encoding: String.Encoding, mark: [UInt8], said: String?) throws {
        for (name, content) in [("d.csv", Self.table), ("d.jsonl", Self.lines)] {
            let path = try scratch.file(name, try bytes(content, encoding, mark: mark))
            let dataset = try scratch.load(.init(path: path))
            #expect(first(dataset) == "„Größe“ – ça fait 0 €", "\(encoding)")
            let notes = dataset.notes.filter { $0.contains("encoding=") }
            #expect(notes.count == (said == nil ? 0 : 1))
            #expect(notes.first.map { $0.contains(said ?? "") } ?? (said == nil))
        }
    }

    @Test func aFolderOfTextsIsReadFileByFile() throws {
        for index in 0..<6 {
            _ = try scratch.file("set/neg/\(index).txt", try bytes("schlöcht \(index)", .windowsCP1252))
            _ = try scratch.file("set/pos/\(index).txt", "schön \(index)")
        }
        let dataset = try scratch.load(.init(path: "\(scratch.path)/set", validation: 0, test: 0))
        #expect(dataset.train.allSatisfy { $0.text.contains("ö") })
        #expect(dataset.notes.contains { $0.contains("6 texts are no UTF-8, read as windows-1252") })
    }

    @Test func anEncodingCanBeNamed() throws {
        let table = Self.table.replacing("„Größe“ – ça fait", with: "Привет, мир:").replacing(
            ", мир", with: " мир"
        )
        .replacing("€", with: "!")
        let path = try scratch.file("d.csv", try bytes(table, .windowsCP1251))
        #expect(code { try scratch.load(.init(path: path)) } == "bad-encoding", "no Western European text")
        var request = DatasetRequest(path: path)
        request.encoding = TextEncoding.all.first { $0.name == "windows-1251" }
        #expect(first(try scratch.load(request)) == "Привет мир: 0 !")
        request.encoding = .utf8
        #expect(code { try scratch.load(request) } == "bad-encoding")
    }

    @Test func whereItMeansNothingAnEncodingIsRefused() throws {
        var request = DatasetRequest(name: "toy")
        request.encoding = .utf8
        #expect(code { try scratch.load(request) } == "unused-encoding")
        request = DatasetRequest(path: try scratch.file("d.parquet", "PAR1"))
        request.encoding = .utf8
        #expect(code { try scratch.load(request) } == "unused-encoding")
    }

    @Test func aLineOfAnotherEncodingIsReadAsThatAndCounted() throws {
        let path = try scratch.file(
            "d.csv", try bytes(Self.table, .utf8) + bytes("Größe,1\n", .isoLatin1))
        let dataset = try scratch.load(.init(path: path, validation: 0, test: 0))
        #expect(dataset.train.contains { $0.text == "Größe" })
        #expect(dataset.train.count { $0.text.contains("„Größe“") } == 12)
        #expect(dataset.notes.contains { $0.contains("2 bytes of \(path) are no UTF-8") })
    }

    @Test(arguments: TextEncoding.all.map(\.name)) func everyEncodingReadsPlainLetters(name: String) throws {
        let encoding = try #require(TextEncoding.all.first { $0.name == name })
        let width = name.contains("16") ? 2 : name.contains("32") ? 4 : 1
        let content = "text,label\none text,a\nanother text,b\nthe third one,a\n"
        let bytes = content.utf8.flatMap { byte -> [UInt8] in
            let zeros = [UInt8](repeating: 0, count: width - 1)
            return name.hasSuffix("be") ? zeros + [byte] : [byte] + zeros
        }
        var request = DatasetRequest(path: try scratch.file("d.csv", bytes))
        request.encoding = encoding
        #expect(first(try scratch.load(request)) == "one text")
    }

    @Test(arguments: ["Größe", "Ärger façade", "naïve Fuß“ “Straße”"]) func westernWordsAreKnown(
        word: String
    )
        throws
    {
        let table = "text,label\n" + (0..<12).map { "das ist \(word) \($0),\($0 % 2)\n" }.joined()
        let path = try scratch.file("d.csv", try bytes(table, .windowsCP1252))
        #expect(first(try scratch.load(.init(path: path))) == "das ist \(word) 0")
    }

    @Test func aBinaryFileIsNoTextOfAnyEncoding() throws {
        let random = CounterRandom(drawing: "bytes", seed: 1)
        let path = try scratch.file("d.csv", (0..<5000).map { UInt8(truncatingIfNeeded: random[UInt64($0)]) })
        #expect(code { try scratch.load(.init(path: path)) } == "not-text")
    }
}
