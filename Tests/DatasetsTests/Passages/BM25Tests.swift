import Foundation
import JSON
import Testing

@testable import Datasets

/// Scores against rank_bm25's BM25Okapi, of make_bm25.py.
@Suite struct BM25Tests {
    private struct Case {
        let passages: [[String]]
        let queries: [[String]]
        let scores: [[Double]]
    }

    private static func cases() throws -> [Case] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Golden/fixtures/bm25.json")
        let json = try JSON(parsing: Data(contentsOf: path))
        func lists(_ json: JSON?) -> [[JSON]] { json?.array?.map { $0.array ?? [] } ?? [] }
        return (json.array ?? []).map { entry in
            Case(
                passages: lists(entry["passages"]).map { $0.compactMap(\.string) },
                queries: lists(entry["queries"]).map { $0.compactMap(\.string) },
                scores: lists(entry["scores"]).map { $0.compactMap(\.number) })
        }
    }

    @Test func scoresAreTheReferences() throws {
        let cases = try Self.cases()
        #expect(cases.count == 3)
        for tried in cases {
            let index = BM25(tried.passages)
            for (query, wanted) in zip(tried.queries, tried.scores) {
                let found = index.scores(query)
                #expect(found.count == wanted.count)
                #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 }, "\(query)")
            }
        }
    }

    @Test func theBestComeFirstAndNoneThatSharesNoWord() {
        let texts = [
            "The river is long.", "A mountain; a mountain!", "Rivers and films", "the RIVER, the river",
            "a song",
            "nobody sings", "it rains",
        ]
        let index = BM25(texts.map(BM25.words))
        #expect(index.best(9, for: BM25.words(of: "mountain")) == [1])
        #expect(index.best(1, for: BM25.words(of: "River?")) == [3])
        #expect(index.best(2, for: BM25.words(of: "a river")).count == 2)
        #expect(index.best(2, for: BM25.words(of: "nothing at all")).isEmpty)
        #expect(BM25([]).best(1, for: ["river"]).isEmpty)
    }

    @Test func wordsAreRunsOfLettersAndDigits() {
        #expect(BM25.words(of: "Don't: 3.14 Cafés!") == ["don", "t", "3", "14", "cafés"])
    }
}
