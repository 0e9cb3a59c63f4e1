import Datasets
import Diagnostics
import Foundation
import System
import TestScratch
import Testing

@Suite struct JSONRowsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let shapes = [
        ("d.jsonl", "{\"text\":\"one\",\"label\":0}\n\n{\"text\":\"two\",\"label\":1,\"more\":[1]}\n"),
        ("d.json", "[{\"text\":\"one\",\"label\":0},{\"text\":\"two\",\"label\":1}]"),
        (
            "d.json",
            "{\"version\":1,\"data\":[{\"text\":\"one\",\"label\":0},{\"text\":\"two\",\"label\":1}]}"
        ),
        ("d.json", "{\"text\":[\"one\",\"two\"],\"label\":[0,1]}"),
        ("d.json", "{\"text\":\"one\",\"label\":0}\n{\"text\":\"two\",\"label\":1}\n"),
    ]

    @Test(arguments: shapes)
    func everyShapeOfJSONGivesTheSameRows(name: String, content: String) throws {
        let dataset = try scratch.load(.init(path: try scratch.file(name, content), validation: 0, test: 0))
        #expect(dataset.train.sorted { $0.id < $1.id }.map(\.text) == ["one", "two"])
        #expect(dataset.labels == ["0", "1"])
    }

    @Test(arguments: [
        ("d.jsonl", "{\"text\":\"one\"}\n{\"text\":\"tw", "bad-json-line"),
        ("d.jsonl", "[1]\n", "not-an-object"),
        ("d.json", "[{\"text\":\"one\"", "bad-json"), ("d.json", "[1, 2]", "not-an-object"),
        ("d.json", "\"text\"", "no-rows"), ("d.json", "[]", "no-rows"),
    ])
    func brokenJSONIsADiagnostic(name: String, content: String, expected: String) throws {
        let path = try scratch.file(name, content)
        #expect(code { try scratch.load(.init(path: path)) } == expected)
    }

    @Test func partsInOneDocumentAreParts() throws {
        let part = { (name: String) in
            (0..<6).map { "{\"text\":\"\(name) \($0)\",\"label\":\($0 % 2)}" }.joined(separator: ",")
        }
        let path = try scratch.file("d.json", "{\"train\":[\(part("a"))],\"test\":[\(part("b"))]}")
        let dataset = try scratch.load(.init(path: path))
        #expect(dataset.train.count == 6)
        #expect(dataset.test.allSatisfy { $0.text.hasPrefix("b") })
    }

    @Test func longIdentifiersKeepTheirDigits() throws {
        let lines = (0..<6).map {
            "{\"id\":1234567890123456789\($0),\"text\":\"text \($0)\",\"label\":\($0 % 2)}"
        }
        for (name, content) in [
            ("d.jsonl", lines.joined(separator: "\n")), ("d.json", "[\(lines.joined(separator: ","))]"),
        ] {
            let dataset = try scratch.load(
                .init(path: try scratch.file(name, content), validation: 0, test: 0))
            #expect(
                Set(dataset.train.compactMap { $0.fields["id"] })
                    == Set((0..<6).map { "1234567890123456789\($0)" }))
        }
    }

    @Test func whatIsMissingOrNestedIsSaid() throws {
        let lines = (0..<6).map {
            $0 == 3 ? "{\"text\":\"t \($0)\"}" : "{\"text\":\"t \($0)\",\"label\":\($0 % 2),\"meta\":[{}]}"
        }
        let notes = try scratch.load(.init(path: try scratch.file("d.jsonl", lines.joined(separator: "\n"))))
            .notes
        #expect(notes.contains("1 row of 6 has no label: empty there"))
        #expect(notes.contains("meta is nested in 5 rows: kept as JSON text"))
        let document = try scratch.file(
            "d.json", "{\"version\":1,\"data\":[\(lines.joined(separator: ","))]}")
        #expect(
            try scratch.load(.init(path: document)).notes.contains(
                "the rows are in data; not used beside it: version"))
    }

    @Test(arguments: [
        ("NaN", "write null"), ("Infinity", "write null"), ("1,\"text\":2", "leave one of the two out"),
        ("[1", "cut off"),
    ])
    func theHintFitsTheMistake(value: String, hint: String) throws {
        let path = try scratch.file("d.jsonl", "{\"text\":\(value)" + (value == "[1" ? "" : "}"))
        #expect {
            try scratch.load(.init(path: path))
        } throws: { "\($0)".contains(hint) }
    }

    @Test func theLineOfABadObjectIsNamed() throws {
        let path = try scratch.file("d.jsonl", "{\"text\":\"one\"}\n\n{\"text\":\"tw")
        #expect {
            try scratch.load(.init(path: path))
        } throws: { "\($0)".contains("line 3 of") }
    }

    @Test(.enabled(if: ChildProcess.find("gzip") != nil)) func packedFilesAreRead() throws {
        let gzip = try #require(ChildProcess.find("gzip"))
        let path = try scratch.file(
            "d.jsonl", "{\"text\":\"one\",\"label\":0}\n{\"text\":\"two\",\"label\":1}\n")
        _ = try ChildProcess(gzip, [path]).run()
        #expect(try scratch.load(.init(path: "\(path).gz", test: 1)).labels.count == 2)
        let broken = try scratch.file("e.jsonl.gz", "not packed")
        #expect(code { try scratch.load(.init(path: broken)) } == "bad-gzip")
    }

    @Test func parquetWithoutDuckDBSaysWhatToInstall() throws {
        let path = try scratch.file("d.parquet", "PAR1")
        let expected = ChildProcess.find("duckdb") == nil ? "no-duckdb" : "bad-parquet"
        #expect(code { try scratch.load(.init(path: path)) } == expected)
    }

    @Test func pathsThatLeadNowhereSaySo() throws {
        _ = try scratch.file("reviews.csv", "text,label\na,b\nc,d\n")
        #expect(code { try scratch.load(.init(path: "\(scratch.path)/nothing.csv")) } == "no-file")
        #expect {
            try scratch.load(.init(path: "\(scratch.path)/revews.csv"))
        } throws: { "\($0)".contains("did you mean \(scratch.path)/reviews.csv?") }
        let odd = try scratch.file("d.xlsx", "PK")
        #expect(code { try scratch.load(.init(path: odd)) } == "unknown-format")
    }
}
