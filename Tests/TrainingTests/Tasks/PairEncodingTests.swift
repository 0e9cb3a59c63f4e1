import Checkpoints
import Datasets
import Foundation
import JSON
import Learning
import Models
import TestFixtures
import Testing
import Tokenizers

@testable import Training

/// Two texts that belong together, as the models read them, beside Transformers (`Tests/Golden/make_pairs.py`).
@Suite struct PairEncodingTests {
    private static func golden() throws -> JSON {
        try JSON(parsing: Data(contentsOf: GoldenFiles.folder.appending(path: "pairs.json")))
    }

    private static func ids(_ json: JSON?) -> [Int32] {
        json?.array?.compactMap { $0.integer.map(Int32.init) } ?? []
    }

    private static func numbers(_ json: JSON?) -> [Float] {
        json?.array?.compactMap { $0.number.map(Float.init) } ?? []
    }

    private static func pairs(_ golden: JSON) -> [Example] {
        (golden["pairs"]?.array ?? []).enumerated().map { id, pair in
            Example(text: pair[0]?.string ?? "", pair: pair[1]?.string ?? "", id: id)
        }
    }

    /// As its family's reference pools.
    private static func head(of model: any LanguageModel) -> ClassificationHead {
        let head = ClassificationHead(
            for: model, classes: 3, pooling: model.isCausal ? .last : .cls,
            usesPooler: model.pooler != nil, seed: 1)
        head.classifier.weight.fill(scale: 0.2, phase: 0.5)
        return head
    }

    private static func logits(_ rows: [Row], _ model: any LanguageModel) throws -> [[Float]] {
        let pass = Pass(Layout(rows, under: nil), under: nil)
        let found = try head(of: model).logits(model.hiddenStates(Tokens(rows), pass), pass)
        return rows.indices.map { row in (0..<3).map { found[row, $0] } }
    }

    private static func distance(_ one: [Float], _ other: [Float]) -> Float {
        one.count == other.count ? zip(one, other).map { abs($0 - $1) }.max() ?? .infinity : .infinity
    }

    @Test(arguments: ["bert", "llama"]) func logitsOfPairsEqualTheReferences(name: String) throws {
        let model = try ModelLoader.load(
            path: name == "bert" ? GoldenFiles.peft("bert-base") : GoldenFiles.model(name))
        let cases = try #require(Self.golden()["tiny"]?.array)
        // All together, since none may see another.
        let rows = cases.enumerated().map { index, one in
            Row(
                ids: Self.ids(one["ids"]), segments: model.isCausal ? [] : Self.ids(one["segments"]),
                identity: UInt64(index))
        }
        #expect(rows.count == 3)
        for (found, one) in zip(try Self.logits(rows, model), cases) {
            #expect(Self.distance(found, Self.numbers(one[name])) < 1e-5)
        }
    }

    @Test(.enabled(if: ReferenceTests.miniLM != nil, "minilm is not in the cache"))
    func miniLMReadsPairsAsTransformersDoes() throws {
        let path = try #require(ReferenceTests.miniLM)
        let (model, tokenizer) = (try ModelLoader.load(path: path), try TokenizerLoader.load(folder: path))
        let golden = try Self.golden()
        let (pairs, cases) = (Self.pairs(golden), try #require(golden["minilm"]?.array))
        #expect(cases.count == 4 * pairs.count && pairs.count == 7)
        for (index, one) in cases.enumerated() {
            let encoder = SequenceEncoder(
                model: model, tokenizer: tokenizer, pooling: .cls,
                maxLength: try #require(one["limit"]?.integer))
            let row = try #require(encoder.encode(pairs[index % pairs.count], nil).rows.first)
            #expect(row.ids == Self.ids(one["ids"]), "\(index)")
            let segments = row.segments.isEmpty ? row.ids.map { _ in 0 } : row.segments
            #expect(segments == Self.ids(one["segments"]), "\(index)")
            #expect(Self.distance(try Self.logits([row], model)[0], Self.numbers(one["logits"])) < 1e-4)
        }
    }

    private static let smolLM2: String? = ReferenceTests.miniLM.flatMap { miniLM in
        let folder = URL(filePath: miniLM).deletingLastPathComponent().appending(path: "smollm2").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.first { $0.hasSuffix(".gguf") }.map { "\(folder)/\($0)" }
    }

    @Test(.enabled(if: smolLM2 != nil, "smollm2 is not in the cache"))
    func smolLM2ReadsALineBreakBetweenTwoTexts() throws {
        let path = try #require(Self.smolLM2)
        let model = try ModelLoader.load(path: path, precision: .native)
        let tokenizer = try TokenizerLoader.load(
            ggufMetadata: CheckpointFolder.open(path: path).metadata, ignoring: [])
        let golden = try Self.golden()
        let (pairs, cases) = (Self.pairs(golden), try #require(golden["smollm2"]?.array))
        for (index, one) in cases.enumerated() {
            let encoder = SequenceEncoder(
                model: model, tokenizer: tokenizer, pooling: .mean,
                maxLength: try #require(one["limit"]?.integer))
            #expect(
                encoder.encode(pairs[index % pairs.count], nil).rows[0].ids == Self.ids(one["ids"]),
                "\(index)")
        }
    }

    // MARK: - What stands between

    /// A tiny tokenizer with, or without, special tokens of its own around its texts.
    private static func tokenizer(_ name: String, isBare: Bool) throws -> any Tokenizer {
        let source = GoldenFiles.folder.appending(path: "tokenizers/\(name)/tokenizer.json")
        var json = try #require(JSON(parsing: Data(contentsOf: source)).object)
        if isBare { json["post_processor"] = .null }
        let folder = FileManager.default.temporaryDirectory.appending(path: "lorikeet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(JSON.object(json).text().utf8).write(to: folder.appending(path: "tokenizer.json"))
        return try TokenizerLoader.load(folder: folder.path)
    }

    private static func row(_ tokenizer: any Tokenizer, limit: Int) throws -> EncodedExample {
        SequenceEncoder(
            model: try ModelLoader.load(path: GoldenFiles.model("llama")), tokenizer: tokenizer,
            pooling: .last, maxLength: limit
        ).encode(Example(text: "it was a long film", pair: "nobody slept", id: 0), nil)
    }

    @Test(arguments: ["llama", "llama3", "llama-metaspace"])
    func aDecodersTextsAreApart(name: String) throws {
        let bare = try Self.tokenizer(name, isBare: true)
        #expect(!bare.pairSeparator.isEmpty)
        let whole = try Self.row(bare, limit: 60)
        let (first, second) = (bare.encode("it was a long film"), bare.encode("nobody slept"))
        #expect(whole.rows[0].ids == first + bare.pairSeparator + second)
        #expect(bare.decode(first + bare.pairSeparator, skippingSpecialTokens: false).hasSuffix("film\n"))
        // Cut, the longer loses first, and the line break stays whole.
        let limit = second.count + bare.pairSeparator.count + 2
        let cut = try Self.row(bare, limit: limit)
        #expect(cut.rows[0].ids.count == limit)
        #expect(cut.cut == first.count + second.count + bare.pairSeparator.count - limit)
        #expect(cut.rows[0].ids.firstRange(of: bare.pairSeparator) != nil)
    }

    /// LLaMA's `<s> A <s> B`.
    @Test func whatATokenizerPutsBetweenStaysAsItIs() throws {
        let own = try Self.tokenizer("llama", isBare: false)
        #expect(own.pairSeparator.isEmpty)
        let (first, second) = (own.encode("it was a long film"), own.encode("nobody slept"))
        #expect(try Self.row(own, limit: 60).rows[0].ids == [1] + first + [1] + second)
    }

    /// One text has no separator, and an encoder has its own.
    @Test func oneTextAndAnEncodersHaveNoLineBreak() throws {
        let bare = try Self.tokenizer("llama3", isBare: true)
        let alone = bare.encode("a film", nil, limit: 60, between: bare.pairSeparator)
        #expect(alone.ids == bare.encode("a film"))
        let bert = try ModelLoader.load(path: GoldenFiles.model("bert"))
        let encoder = SequenceEncoder(model: bert, tokenizer: bare, pooling: .mean, maxLength: 32)
        let ids = encoder.encode(Example(text: "a", pair: "b", id: 0), nil).rows[0].ids
        #expect(ids == bare.encode("a") + bare.encode("b"))
    }
}
