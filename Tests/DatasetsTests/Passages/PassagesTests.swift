import Diagnostics
import TestScratch
import Testing

@testable import Datasets

/// Passages of a file before the texts of a data set.
@Suite struct PassagesTests {
    private static let films = "text,label\nwho wrote the river film,a\na song of mountains,b\nxyzzy,a\n"

    private func load(
        _ scratch: Scratch, _ name: String, _ passages: String, count: Int? = nil
    ) throws -> [String: String?] {
        let data = try scratch.file("films.csv", Self.films)
        var request = DatasetRequest(path: data, train: 1, validation: 0, test: 2)
        request.context = try scratch.file(name, passages)
        request.passages = count
        let dataset = try scratch.load(request)
        #expect(dataset.notes.contains { $0.contains("by BM25") })
        #expect(dataset.notes.contains { $0.contains("share no word") })
        let all = Split.allCases.flatMap { dataset[$0] }
        return Dictionary(uniqueKeysWithValues: all.map { ($0.text, $0.context) })
    }

    @Test func theBestPassageStandsBeforeEachText() throws {
        let scratch = try Scratch()
        let prose = "The river film was\nwritten by Ann.\n\nMountains are high.\n\n\nSongs are short.\n"
        let found = try load(scratch, "notes.md", prose)
        #expect(found["who wrote the river film"] == "The river film was written by Ann.")
        #expect(found["a song of mountains"] == "Mountains are high.")
        #expect(found["xyzzy"] == .some(nil))
    }

    @Test func rowsOfATableArePassages() throws {
        let scratch = try Scratch()
        let table = "id,text\n1,The river film is old.\n2,A river runs.\n3,Mountains.\n4,Seas.\n5,Lakes.\n"
        let found = try load(scratch, "notes.csv", table, count: 2)
        #expect(found["who wrote the river film"] == "The river film is old.\n\nA river runs.")
        let lines =
            "{\"passage\": \"the river film\"}\n{\"passage\": \"mountains\"}\n{\"passage\": \"seas\"}\n"
        #expect(try load(scratch, "notes.jsonl", lines)["a song of mountains"] == "mountains")
    }

    @Test func aFileWithoutPassagesIsRefusedByName() throws {
        let scratch = try Scratch()
        for (name, text, code) in [
            ("blank.txt", " \n\n \n", "no-passages"), ("odd.csv", "a,b\n1,2\n", "missing-column"),
        ] {
            let problem = #expect(throws: Diagnostic.self) { try load(scratch, name, text) }
            #expect(problem?.code == code && problem?.message.contains(name) == true)
        }
    }
}
