import Foundation

/// One step that rewrites text before it is cut into words.
enum Normalizer: Sendable {
    case bert(BertNormalizer)
    case lowercase
    case stripAccents
    case canonical(CanonicalForm)
    /// Puts text before a fragment that is not empty.
    case prepend([UInt8])
    case replace([UInt8], with: [UInt8])
    case strip(left: Bool, right: Bool)
    /// Metaspace: spaces become `▁`, and one is put before the text unless it begins with it.
    case metaspace(PrependScheme)
    /// Byte-level BPE's `add_prefix_space`.
    case spacePrefix

    enum CanonicalForm: String, Sendable { case nfc, nfd, nfkc, nfkd }

    enum PrependScheme: String, Sendable { case always, first, never }

    /// What it does to text that goes on with earlier text: nothing is put before that. Nil for nothing at all.
    var continued: Normalizer? {
        switch self {
        case .prepend, .spacePrefix: nil
        case .metaspace: .metaspace(.never)
        case .bert, .lowercase, .stripAccents, .canonical, .replace, .strip: self
        }
    }

    static let metaspace = Array("▁".utf8)

    /// - `isFirst`: whether the fragment begins the text.
    func normalize(_ text: [UInt8], isFirst: Bool) -> [UInt8] {
        switch self {
        case .bert(let normalizer): return normalizer.normalize(text)
        case .lowercase: return mapScalars(text) { $0.properties.lowercaseMapping.unicodeScalars }
        case .stripAccents:
            return text.allSatisfy { $0 < 128 } ? text : withoutMarks(text)
        case .canonical(let form): return text.allSatisfy { $0 < 128 } ? text : normalize(text, to: form)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        case .replace(let pattern, let replacement): return text.replacing(pattern, with: replacement)
        case .strip(let left, let right): return strip(text, left, right)
        case .metaspace(let scheme):
            let replaced = text.replacing([UInt8(ascii: " ")], with: Normalizer.metaspace)
            let wanted = scheme == .always || scheme == .first && isFirst
            return wanted && !replaced.starts(with: Normalizer.metaspace)
                ? Normalizer.metaspace + replaced : replaced
        case .spacePrefix:
            return text.first == UInt8(ascii: " ") ? text : [UInt8(ascii: " ")] + text
        }
    }

    private func normalize(_ text: [UInt8], to form: CanonicalForm) -> [UInt8] {
        let string = String(decoding: text, as: UTF8.self)
        switch form {
        case .nfc: return Array(string.precomposedStringWithCanonicalMapping.utf8)
        case .nfd: return Array(string.decomposedStringWithCanonicalMapping.utf8)
        case .nfkc:
            // Foundation's own leaves half-width kana and their marks apart.
            let decomposed = string.decomposedStringWithCompatibilityMapping
            return Array(decomposed.precomposedStringWithCanonicalMapping.utf8)
        case .nfkd: return Array(string.decomposedStringWithCompatibilityMapping.utf8)
        }
    }

    private func mapScalars(
        _ text: [UInt8], _ map: (Unicode.Scalar) -> some Sequence<Unicode.Scalar>
    ) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            for mapped in map(scalar) { result.append(mapped) }
        }
        return result
    }

    private func withoutMarks(_ text: [UInt8]) -> [UInt8] {
        mapScalars(text) { CharacterClass(of: $0.value).contains(.mark) ? [] : [$0] }
    }

    private func strip(_ text: [UInt8], _ left: Bool, _ right: Bool) -> [UInt8] {
        var scalars = String(decoding: text, as: UTF8.self).unicodeScalars[...]
        if left { scalars = scalars.drop { $0.properties.isWhitespace } }
        while right, scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return Array(String(scalars).utf8)
    }
}

extension [UInt8] {
    /// Every occurrence of `pattern`, from the left, replaced.
    func replacing(_ pattern: [UInt8], with replacement: [UInt8]) -> [UInt8] {
        guard let first = pattern.first, contains(first) else { return self }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == first, self[index...].starts(with: pattern) {
                result.append(contentsOf: replacement)
                index += pattern.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
