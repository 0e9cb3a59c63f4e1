/// GPT-2's alphabet: a printable character for each byte, so that vocabularies are text.
package enum ByteAlphabet {
    /// The character of each byte: itself where printable, else the next free one from U+0100 on.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) in
            let isPrintable = 33...126 ~= byte || 161...172 ~= byte || 174...255 ~= byte
            defer { if !isPrintable { next += 1 } }
            return Unicode.Scalar(isPrintable ? byte : next) ?? " "
        }
    }()

    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 0x180)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    /// The byte that a character stands for.
    static func byte(of scalar: UInt32) -> UInt8? {
        guard scalar < bytes.count, bytes[Int(scalar)] >= 0 else { return nil }
        return UInt8(bytes[Int(scalar)])
    }

    /// Bytes as the text that a vocabulary has for them.
    package static func text(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { scalars[Int($0)] }))
    }

    /// Bytes in the alphabet's characters.
    static func spell(_ text: [UInt8], _ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        for index in range { result.append(scalars[Int(text[index])]) }
        return result
    }
}
