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
        var result: [UInt8] = []
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
                losesDigits(number)
            else { continue }
            result.append(contentsOf: bytes[copied..<start])
            result.append(UInt8(ascii: "\""))
            result.append(contentsOf: number)
            result.append(UInt8(ascii: "\""))
            copied = place
        }
        guard copied > 0 else { return nil }
        result.append(contentsOf: bytes[copied...])
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isOfNumber(_ byte: UInt8) -> Bool {
        isDigit(byte) || "+-.eE".utf8.contains(byte)
    }

    /// Whether Int or Double would make another number of it; false for what is no number of JSON.
    private static func losesDigits(_ number: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard let exact = Decimal(number) else { return false }
        let text = String(decoding: number, as: UTF8.self)
        if exact.isWhole { return Int(text) == nil }
        guard let value = Double(text), value.isFinite else { return true }
        let read = Array(value.description.utf8)
        return read.withUnsafeBufferPointer { Decimal($0[...]) } != exact
    }

    /// A number as its digits without zeros at the ends and the power of ten of the last one.
    private struct Decimal: Equatable {
        private var digits: [UInt8] = []
        private var power = 0
        /// Whether it is written with neither a point nor an exponent.
        private(set) var isWhole = true

        /// Nil for what JSON does not write so: `-? (0 | [1-9][0-9]*) (. [0-9]+)? (e [+-]? [0-9]+)?`.
        init?(_ number: Slice<UnsafeBufferPointer<UInt8>>) {
            var rest = number
            if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
            let whole = rest.prefix(while: ExactNumbers.isDigit)
            guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else { return nil }
            rest = rest.dropFirst(whole.count)
            digits = Array(whole)
            if rest.first == UInt8(ascii: ".") {
                let fraction = rest.dropFirst().prefix(while: ExactNumbers.isDigit)
                guard !fraction.isEmpty else { return nil }
                rest = rest.dropFirst(fraction.count + 1)
                digits += fraction
                (power, isWhole) = (-fraction.count, false)
            }
            if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
                let exponent = rest.dropFirst()
                // Far beyond what Double holds, and far from where sums would overflow.
                let limit = 1 << 40
                let plain = exponent.first == UInt8(ascii: "+") ? exponent.dropFirst() : exponent
                let unsigned = exponent.drop { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
                guard exponent.count - unsigned.count <= 1, !unsigned.isEmpty,
                    unsigned.allSatisfy(ExactNumbers.isDigit)
                else { return nil }
                let isNegative = plain.first == UInt8(ascii: "-")
                let value = Int(String(decoding: plain, as: UTF8.self)) ?? (isNegative ? -limit : limit)
                power += max(-limit, min(limit, value))
                isWhole = false
                rest = rest.suffix(0)
            }
            guard rest.isEmpty else { return nil }
            while digits.last == UInt8(ascii: "0") {
                digits.removeLast()
                power += 1
            }
            digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
            if digits.isEmpty { power = 0 }
        }

        static func == (a: Decimal, b: Decimal) -> Bool { a.digits == b.digits && a.power == b.power }
    }
}
