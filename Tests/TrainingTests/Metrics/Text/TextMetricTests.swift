import Foundation
import TestFixtures
import Testing

@testable import Training

/// Metrics of texts beside sacrebleu's and rouge-score's, which `Tests/Golden/make_text_metrics.py` computed.
@Suite struct TextMetricTests {
    struct Golden: Decodable {
        struct Pair: Decodable {
            let text: String
            let references: [String]
            let scores: [String: Double]
        }
        struct Tokens: Decodable {
            let text: String
            let tokens: [String]
        }
        let pairs: [Pair]
        let corpus: [String: Double]
        let tokens: [Tokens]
        let stems: [[String]]

        static func read() throws -> Golden {
            let file = GoldenFiles.folder.appending(path: "text-metrics.json")
            return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        }
    }

    private static let metrics: [any TextMetric] =
        TextMetricRegistry.all.filter { $0.name != "exact_match_strict" && !$0.name.hasPrefix("json") }
        + [ROUGE.Kind.runs(1), .runs(2), .subsequence, .summary].map { ROUGE($0, stems: true) }

    @Test(arguments: metrics.map(\.name))
    func aTextAloneGetsTheReferencesScore(_ name: String) throws {
        let metric = try #require(Self.metrics.first { $0.name == name })
        for pair in try Golden.read().pairs {
            let score = metric.score(pair.text, references: pair.references)
            let golden = try #require(pair.scores[name])
            #expect(abs(score - golden) < 1e-6, "\(pair.text) gets \(score) in place of \(golden)")
        }
    }

    @Test(arguments: metrics.map(\.name))
    func aCorpusGetsTheReferencesScore(_ name: String) throws {
        let metric = try #require(Self.metrics.first { $0.name == name })
        let golden = try Golden.read()
        let score = metric.score(golden.pairs.map(\.text), references: golden.pairs.map(\.references))
        #expect(abs(score - (try #require(golden.corpus[name]))) < 1e-6)
    }

    @Test func aSentenceMayBeTooShortForFourWordsInARow() throws {
        let metric = BLEU(isOfSentences: true)
        for pair in try Golden.read().pairs {
            let golden = try #require(pair.scores["bleu_of_sentence"])
            #expect(abs(metric.score(pair.text, references: pair.references) - golden) < 1e-6, "\(pair.text)")
        }
    }

    @Test func wordsAreThoseOf13a() throws {
        for tokens in try Golden.read().tokens {
            #expect(
                Tokenizer13a.words(of: tokens.text) == tokens.tokens.map { Scalars($0) }, "\(tokens.text)")
        }
    }

    @Test func stemsAreNLTKs() throws {
        for pair in try Golden.read().stems {
            #expect(PorterStemmer.stem(of: Scalars(pair[0])).string == pair[1], "\(pair[0])")
        }
    }

    @Test func namesAreDistinctAndFound() {
        let names = TextMetricRegistry.all.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { TextMetricRegistry.named($0)?.name == $0 })
        #expect(TextMetricRegistry.named("bleurt") == nil)
    }

    @Test func toTheLetterIsToTheScalar() {
        let strict = ExactMatch(isStrict: true)
        #expect(strict.score("a cat", references: ["A cat", "a cat"]) == 1)
        #expect(strict.score("a cat", references: ["a cat "]) == 0)
        #expect(strict.score("caf\u{E9}", references: ["cafe\u{301}"]) == 0)
    }
}
