import CJansson

extension JSON {
    /// Parses a row of data: what is written twice is refused, and no digit is lost.
    ///
    /// A number that neither Int nor Double holds to the last digit (an identifier of 20 digits)
    /// becomes a string of its digits as written.
    ///
    /// - Throws: `bad-json`, also for an object that has a key twice.
    package init(parsingData text: String) throws {
        var text = text
        self = try text.withUTF8 { bytes in
            let flags = JSON.lenient | Int(JSON_REJECT_DUPLICATES)
            guard let quoted = ExactNumbers.quoted(in: bytes) else {
                return try JSON(parsing: UnsafeRawBufferPointer(bytes), flags: flags)
            }
            return try quoted.withUnsafeBytes { try JSON(parsing: $0, flags: flags) }
        }
    }
}

/// Finds the numbers in a JSON text that would lose digits.
private enum ExactNumbers {
    /// The text with such numbers in quotation marks; nil when there are none.
    static func quoted(in bytes: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var result: [UInt8]?
        var copied = 0
        var place = 0
        var isInString = false
        while place < bytes.count {
            let byte = bytes[place]
            if isInString {
                if byte == UInt8(ascii: "\\") {
                    place += 1
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                place += 1
                continue
            }
            isInString = byte == UInt8(ascii: "\"")
            guard byte == UInt8(ascii: "-") || isDigit(byte) else {
                place += 1
                continue
            }
            let start = place
            while place < bytes.count, isOfNumber(bytes[place]) { place += 1 }
            let number = bytes[start..<place]
            guard number.count > 15 || number.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
                losesDigits(String(decoding: number, as: UTF8.self))
            else { continue }
            result = (result ?? []) + bytes[copied..<start] + "\"".utf8 + number + "\"".utf8
            copied = place
        }
        return result.map { $0 + bytes[copied...] }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || "+-.eE".utf8.contains(byte)
    }

    private static func losesDigits(_ text: String) -> Bool {
        guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil else {
            return false
        }
        if !text.contains(where: { ".eE".contains($0) }) { return Int(text) == nil }
        guard let value = Double(text), value.isFinite else { return true }
        return Decimal(text) != Decimal(value.description)
    }

    /// A number as its digits without zeros at the ends and the power of ten of the last one.
    private struct Decimal: Equatable {
        let digits: String
        let power: Int

        init(_ text: String) {
            let parts = text.lowercased().split(separator: "e")
            let mantissa = (parts.first ?? "").split(separator: ".", omittingEmptySubsequences: false)
            let fraction = mantissa.count > 1 ? mantissa[1] : ""
            let all = mantissa[0].filter(\.isNumber) + fraction
            let head = all.drop { $0 == "0" }
            let kept = head.reversed().drop { $0 == "0" }
            digits = String(kept.reversed())
            let exponent = parts.count > 1 ? Int(parts[1]) ?? .max / 2 : 0
            power = digits.isEmpty ? 0 : exponent - fraction.count + (head.count - kept.count)
        }
    }
}
