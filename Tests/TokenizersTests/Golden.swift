import Foundation
import JSON
import Testing

@testable import Tokenizers

/// What a reference tokenizer made of the hard cases and of the reviews.
struct Golden {
    /// Nil where the reference is not asked.
    let plain: [[Int32]?]
    let whole: [[Int32]?]
    let pairs: [(ids: [Int32], segments: [Int32])?]
    let decoded: [String]
    let skipped: [String]
    /// Count and checksum of the ids of each review.
    let reviews: [String]

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Golden/fixtures").path(percentEncoded: false)

    static let cases: [String] = strings("cases")
    static let casePairs: [(String, String)] =
        hardCases?["pairs"]?.array?.map { ($0[0]?.string ?? "", $0[1]?.string ?? "") } ?? []

    init(_ name: String) throws {
        let json = try Golden.json("tokens-\(name).json")
        func lists(_ key: String) -> [[Int32]?] { json[key]?.array?.map(Golden.ids) ?? [] }
        func texts(_ key: String) -> [String] { json[key]?.array?.map { $0.string ?? "" } ?? [] }
        plain = lists("plain")
        whole = lists("whole")
        pairs =
            json["pairs"]?.array?.map { pair in
                Golden.ids(pair[0]).flatMap { ids in Golden.ids(pair[1]).map { (ids, $0) } }
            } ?? []
        decoded = texts("decoded")
        skipped = texts("skipped")
        reviews = texts("reviews")
    }

    static func json(_ name: String) throws -> JSON {
        try JSON(parsing: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }

    private static let hardCases = try? json("hard-cases.json")

    private static func strings(_ key: String) -> [String] {
        hardCases?[key]?.array?.map { $0.string ?? "" } ?? []
    }

    private static func ids(_ json: JSON?) -> [Int32]? {
        json?.array?.map { Int32($0.integer ?? -1) }
    }

    /// FNV-1a of the ids as 32-bit little-endian numbers, after their count.
    static func checksum(_ ids: [Int32]) -> String {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for id in ids {
            withUnsafeBytes(of: id.littleEndian) { bytes in
                for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            }
        }
        let digits = String(value, radix: 16)
        return "\(ids.count) " + String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Compares everything that the reference said about the hard cases.
    func check(_ tokenizer: any Tokenizer, decoding: Bool = true) {
        #expect(plain.count == Golden.cases.count)
        for (index, text) in Golden.cases.enumerated() where index < plain.count {
            guard let plain = plain[index], let whole = whole[index] else { continue }
            let label = "case \(index): \(text.debugDescription)"
            #expect(tokenizer.encode(text, addingSpecialTokens: false) == plain, "\(label)")
            #expect(tokenizer.encode(text, addingSpecialTokens: true) == whole, "\(label)")
            guard decoding else { continue }
            expectSame(tokenizer.decode(whole, skippingSpecialTokens: false), decoded[index], label)
            expectSame(tokenizer.decode(whole, skippingSpecialTokens: true), skipped[index], label)
        }
        for (index, (first, second)) in Golden.casePairs.enumerated() where index < pairs.count {
            guard let pair = pairs[index] else { continue }
            let encoded = tokenizer.encode(first, second)
            #expect(encoded.ids == pair.ids, "pair \(index)")
            #expect(encoded.segments == pair.segments, "pair \(index)")
        }
    }

    /// Swift's `==` holds canonically equivalent texts for equal.
    private func expectSame(_ found: String, _ expected: String, _ label: String) {
        let (a, b) = (found.debugDescription, expected.debugDescription)
        #expect(Array(found.utf8) == Array(expected.utf8), "\(label): \(a), expected \(b)")
    }

    func check(_ tokenizer: any Tokenizer, reviews texts: [String]) {
        #expect(!reviews.isEmpty)
        var wrong = 0
        for (text, expected) in zip(texts, reviews) {
            let found = Golden.checksum(tokenizer.encode(text, addingSpecialTokens: true))
            if found != expected {
                wrong += 1
                if wrong <= 3 { Issue.record("\(found), expected \(expected): \(text.prefix(80))…") }
            }
        }
        #expect(wrong == 0)
    }
}
