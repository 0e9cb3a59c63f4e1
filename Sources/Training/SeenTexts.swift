import Datasets
import Diagnostics
import Foundation
import JSON
import Learning

/// The texts that weights have learned from, as hashes: what a test may not be made of.
package struct SeenTexts: Sendable, Hashable {
    private var hashes: Set<UInt64> = []
    /// Whether these are all: not so for weights that another program has tuned.
    package var isWhole = true

    package init() {}

    /// Those of weights that nobody has kept notes of.
    package static var unknown: SeenTexts {
        var seen = SeenTexts()
        seen.isWhole = false
        return seen
    }

    package var count: Int { hashes.count }

    package mutating func add(_ examples: some Sequence<Example>) {
        for example in examples { hashes.insert(example.contentHash) }
    }

    package mutating func add(_ other: SeenTexts) {
        hashes.formUnion(other.hashes)
        isWhole = isWhole && other.isWhole
    }

    /// Whether weights that have learned from these alone are known to have learned from nothing.
    package func isUntuned(under tuning: Tuning?) -> Bool {
        hashes.isEmpty && isWhole && tuning?.beginsElsewhere != true
    }

    /// How many of these examples have a text that was learned from, whatever class it has here.
    package func count(among examples: [Example]) -> Int {
        hashes.isEmpty ? 0 : examples.count { hashes.contains($0.contentHash) }
    }
}

// MARK: - In the notes beside a saved model

extension SeenTexts {
    /// The hashes in ascending order, 8 bytes each, low byte first, in base64.
    package var json: JSON {
        var bytes = Data(capacity: 8 * hashes.count)
        for hash in hashes.sorted() {
            withUnsafeBytes(of: hash.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return ["whole": .bool(isWhole), "hashes": .string(bytes.base64EncodedString())]
    }

    /// - Throws: `bad-adapter` when it is something else.
    package init(_ json: JSON, in path: String) throws {
        guard let whole = json["whole"]?.bool, let text = json["hashes"]?.string,
            let bytes = Data(base64Encoded: text), bytes.count.isMultiple(of: 8)
        else {
            throw Diagnostic(
                "bad-adapter", "\(path): seen is no list of hashes",
                hint: "remove seen from the file to go on without it")
        }
        isWhole = whole
        let all = [UInt8](bytes)
        for start in stride(from: 0, to: all.count, by: 8) {
            hashes.insert(all[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
    }
}
