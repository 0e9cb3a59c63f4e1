extension JSON {
    /// The value as text: compact, or indented by `indent` spaces, its keys in order.
    ///
    /// A number is written with the fewest digits that read back as the same number; numbers
    /// that JSON cannot say (infinite, not a number) become null.
    package func text(indent: Int = 0) -> String {
        String(decoding: utf8(indent: indent), as: UTF8.self)
    }

    package func utf8(indent: Int = 0) -> [UInt8] {
        var writer = Writer(indent: max(0, indent))
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

private struct Writer {
    let indent: Int
    var bytes: [UInt8] = []

    init(indent: Int) { self.indent = indent }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let flag): bytes += (flag ? "true" : "false").utf8
        case .integer(let number): bytes += String(number).utf8
        case .number(let number): bytes += (number.isFinite ? number.description : "null").utf8
        case .string(let text): write(text)
        case .array(let items):
            write(items, between: ("[", "]"), depth) { $0.write($1, depth: depth + 1) }
        case .object(let object):
            write(object, between: ("{", "}"), depth) { writer, pair in
                writer.write(pair.key)
                writer.bytes += (writer.indent > 0 ? ": " : ":").utf8
                writer.write(pair.value, depth: depth + 1)
            }
        }
    }

    private mutating func write<Item>(
        _ items: some Sequence<Item>, between marks: (String, String), _ depth: Int,
        each: (inout Writer, Item) -> Void
    ) {
        bytes += marks.0.utf8
        var isFirst = true
        for item in items {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            breakLine(depth + 1)
            each(&self, item)
        }
        if !isFirst { breakLine(depth) }
        bytes += marks.1.utf8
    }

    private mutating func breakLine(_ depth: Int) {
        guard indent > 0 else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x0A: bytes += "\\n".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0x09: bytes += "\\t".utf8
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                bytes += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
