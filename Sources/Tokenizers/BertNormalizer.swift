import Foundation

/// BERT's text cleaning: control characters out, CJK set apart, accents and case off.
struct BertNormalizer: Sendable {
    var cleansText = true
    var spacesIdeographs = true
    var stripsAccents = true
    var lowercases = true

    func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            // Stretches of ASCII need no Unicode.
            let byte = text[index]
            if byte < 128 {
                index += 1
                if lowercases, byte >= 65, byte <= 90 {
                    result.append(byte | 32)
                } else if byte > 32 && byte < 127 || !cleansText {
                    result.append(byte)
                } else if byte == 32 || byte == 9 || byte == 10 || byte == 13 {
                    result.append(32)
                }
                continue
            }
            var end = index
            while end < text.count, text[end] >= 128 { end += 1 }
            normalizeUnicode(text, index..<end, into: &result)
            index = end
        }
        return result
    }

    /// A stretch without ASCII. Canonical decomposition and reordering stay within it, since ASCII
    /// neither combines with what precedes it nor moves.
    private func normalizeUnicode(_ text: [UInt8], _ range: Range<Int>, into result: inout [UInt8]) {
        var cleaned: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let (value, width) = scalar(text, at: index)
            let character = CharacterClass(of: value)
            let bytes = text[index..<index + width]
            index += width
            if cleansText, character.contains(.dropped) { continue }
            if cleansText, character.contains(.space) {
                cleaned.append(32)
            } else if spacesIdeographs, character.contains(.ideograph) {
                cleaned.append(32)
                cleaned.append(contentsOf: bytes)
                cleaned.append(32)
            } else {
                cleaned.append(contentsOf: bytes)
            }
        }
        guard stripsAccents || lowercases else {
            result.append(contentsOf: cleaned)
            return
        }
        var string = String(decoding: cleaned, as: UTF8.self)
        if stripsAccents { string = string.decomposedStringWithCanonicalMapping }
        for scalar in string.unicodeScalars {
            if stripsAccents, CharacterClass(of: scalar.value).contains(.nonspacingMark) { continue }
            if !lowercases || scalar.value < 65 {
                result.append(scalar)
            } else {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars { result.append(lower) }
            }
        }
    }
}
