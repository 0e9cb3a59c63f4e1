/// Finds out how a file's bytes stand for letters when neither a mark nor a person says it.
struct EncodingGuess {
    /// The text as UTF-8; nil when no guess is good enough.
    private(set) var bytes: [UInt8]?
    /// What it was taken for, when that is not plain UTF-8.
    private(set) var encoding: TextEncoding?
    /// Bytes in a UTF-8 text that are none and were read as Windows-1252.
    private(set) var oddBytes = 0

    init(_ bytes: [UInt8]) {
        if let wide = Self.wide(bytes) {
            self.bytes = wide.encoding.text(of: bytes[...]).map { Array($0.utf8) }
            encoding = wide.encoding
            return
        }
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            self.bytes = bytes
            return
        }
        let found = Self.sequences(in: bytes)
        guard found.odd > 0 else {
            self.bytes = bytes
            return
        }
        guard found.odd > found.whole else {
            // A UTF-8 file into which somebody pasted lines of another.
            self.bytes = Self.repaired(bytes)
            oddBytes = found.odd
            return
        }
        guard Self.looksWestern(bytes), let text = TextEncoding.windows1252.text(of: bytes[...]) else {
            return
        }
        self.bytes = Array(text.utf8)
        encoding = .windows1252
    }

    /// UTF-16 without a mark: every other byte of mostly plain letters is 0.
    private static func wide(_ bytes: [UInt8]) -> (encoding: TextEncoding, count: Int)? {
        let sample = bytes.prefix(4096)
        guard sample.count > 7, bytes.count.isMultiple(of: 2) else { return nil }
        var zeros = [0, 0]
        for (index, byte) in sample.enumerated() where byte == 0 { zeros[index % 2] += 1 }
        guard zeros[0] + zeros[1] > sample.count / 4 else { return nil }
        if zeros[0] == 0 { return (.utf16LittleEndian, zeros[1]) }
        return zeros[1] == 0 ? (.utf16BigEndian, zeros[0]) : nil
    }

    /// How many sequences of several bytes are whole UTF-8, and how many bytes belong to none.
    private static func sequences(in bytes: [UInt8]) -> (whole: Int, odd: Int) {
        var (whole, odd, place) = (0, 0, 0)
        while place < bytes.count {
            let length = length(at: place, in: bytes)
            if length > 1 { whole += 1 } else if length == 0 { odd += 1 }
            place += max(1, length)
        }
        return (whole, odd)
    }

    /// Bytes of the letter at a place; 0 where it is no UTF-8 (RFC 3629, section 4).
    private static func length(at place: Int, in bytes: [UInt8]) -> Int {
        let first = bytes[place]
        guard first >= 0x80 else { return 1 }
        let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
        guard length > 0, place + length <= bytes.count,
            bytes[(place + 1)..<(place + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { return 0 }
        let second = bytes[place + 1]
        switch first {
        case 0xE0: return second >= 0xA0 ? length : 0
        case 0xED: return second < 0xA0 ? length : 0
        case 0xF0: return second >= 0x90 ? length : 0
        case 0xF4: return second < 0x90 ? length : 0
        default: return length
        }
    }

    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 64)
        var place = 0
        while place < bytes.count {
            let length = length(at: place, in: bytes)
            if length > 0 {
                result.append(contentsOf: bytes[place..<(place + length)])
            } else {
                let letter = TextEncoding.windows1252.text(of: bytes[place...place]) ?? "\u{FFFD}"
                result.append(contentsOf: letter.utf8)
            }
            place += max(1, length)
        }
        return result
    }

    /// Whether letters beyond ASCII stand alone or in twos, as they do in Western European languages:
    /// Greek, Cyrillic, Chinese, Japanese and Korean have them in rows.
    private static func looksWestern(_ bytes: [UInt8]) -> Bool {
        var (high, inRows, row) = (0, 0, 0)
        for byte in bytes {
            row = byte >= 0x80 ? row + 1 : 0
            guard row > 0 else { continue }
            high += 1
            if row > 2 { inRows += row == 3 ? 3 : 1 }
        }
        return high < 8 || inRows * 10 < high * 3
    }
}
