import Foundation

/// How a file's bytes stand for letters.
package struct TextEncoding: Sendable, Hashable {
    /// As `encoding=` has it: `windows-1252`.
    package let name: String
    package let summary: String
    package let aliases: [String]
    private let encoding: String.Encoding
    /// Bytes of the smallest unit.
    private let unit: Int

    private init(
        _ name: String, _ summary: String, _ encoding: String.Encoding, unit: Int = 1,
        aliases: [String] = []
    ) {
        self.name = name
        self.summary = summary
        self.aliases = aliases
        self.encoding = encoding
        self.unit = unit
    }

    package static let utf8 = TextEncoding("utf-8", "what nearly all files are", .utf8, aliases: ["utf8"])
    static let utf16LittleEndian = TextEncoding(
        "utf-16le", "Windows' Unicode text", .utf16LittleEndian, unit: 2, aliases: ["utf-16", "utf16"])
    static let utf16BigEndian = TextEncoding(
        "utf-16be", "the same with the high byte first", .utf16BigEndian, unit: 2)
    static let utf32LittleEndian = TextEncoding(
        "utf-32le", "four bytes a letter", .utf32LittleEndian, unit: 4, aliases: ["utf-32", "utf32"])
    static let utf32BigEndian = TextEncoding(
        "utf-32be", "the same with the high byte first", .utf32BigEndian, unit: 4)
    package static let windows1252 = TextEncoding(
        "windows-1252", "Western European, Windows and old spreadsheets", .windowsCP1252,
        aliases: ["cp1252", "ansi"])

    package static let all = [
        utf8, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian, windows1252,
        TextEncoding("latin-1", "Western European", .isoLatin1, aliases: ["latin1", "iso-8859-1"]),
        TextEncoding("iso-8859-2", "Central European", .isoLatin2, aliases: ["latin-2", "latin2"]),
        TextEncoding(
            "iso-8859-15", "Western European with €", .other(0x020F), aliases: ["latin-9", "latin9"]),
        TextEncoding("windows-1250", "Central European, Windows", .windowsCP1250, aliases: ["cp1250"]),
        TextEncoding("windows-1251", "Cyrillic, Windows", .windowsCP1251, aliases: ["cp1251"]),
        TextEncoding("windows-1253", "Greek, Windows", .windowsCP1253, aliases: ["cp1253"]),
        TextEncoding("windows-1254", "Turkish, Windows", .windowsCP1254, aliases: ["cp1254"]),
        TextEncoding("koi8-r", "Cyrillic, Unix", .other(0x0A02)),
        TextEncoding("macroman", "old Macintosh", .macOSRoman, aliases: ["mac-roman"]),
        TextEncoding("shift_jis", "Japanese", .shiftJIS, aliases: ["shift-jis", "sjis"]),
        TextEncoding("gb18030", "Chinese, simplified", .other(0x0632), aliases: ["gbk", "gb2312"]),
        TextEncoding("big5", "Chinese, traditional", .other(0x0A03)),
        TextEncoding("euc-kr", "Korean", .other(0x0940), aliases: ["cp949"]),
    ]

    /// The encoding that a byte order mark at the beginning tells, and the mark's length.
    static func marked(_ bytes: [UInt8]) -> (encoding: TextEncoding, mark: Int)? {
        let marks: [([UInt8], TextEncoding)] = [
            ([0xEF, 0xBB, 0xBF], utf8), ([0xFF, 0xFE, 0, 0], utf32LittleEndian),
            ([0, 0, 0xFE, 0xFF], utf32BigEndian), ([0xFF, 0xFE], utf16LittleEndian),
            ([0xFE, 0xFF], utf16BigEndian),
        ]
        return marks.first { bytes.starts(with: $0.0) }.map { ($0.1, $0.0.count) }
    }

    /// The text of the bytes; nil where one of them does not fit.
    func text(of bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.count.isMultiple(of: unit) else { return nil }
        if self == .utf8 { return String(validating: bytes, as: UTF8.self) }
        return bytes.isEmpty ? "" : String(data: Data(bytes), encoding: encoding)
    }
}

extension String.Encoding {
    /// One of Core Foundation's numbers (CFStringEncodingExt.h) as Foundation counts them.
    fileprivate static func other(_ number: UInt) -> String.Encoding {
        String.Encoding(rawValue: 0x8000_0000 | number)
    }
}

extension TextEncoding: Codable {
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let name = try container.decode(String.self)
        guard let known = Self.all.first(where: { $0.name == name }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "there is no encoding \(name)")
        }
        self = known
    }
}
