import Datasets
import Diagnostics
import Foundation
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
