/// What the pre-tokenizers ask of a character, as bits.
struct CharacterClass: OptionSet, Sendable {
    let rawValue: UInt8

    static let letter = CharacterClass(rawValue: 1)
    static let number = CharacterClass(rawValue: 2)
    static let space = CharacterClass(rawValue: 4)
    /// Punctuation in BERT's sense: Unicode's P, and every ASCII symbol.
    static let punctuation = CharacterClass(rawValue: 8)
    static let nonspacingMark = CharacterClass(rawValue: 16)
    /// A character of the CJK blocks that BERT sets apart.
    static let ideograph = CharacterClass(rawValue: 32)
    /// What BERT's text cleaning drops: control and format characters but tab and line ends; U+FFFD.
    static let dropped = CharacterClass(rawValue: 64)
    /// Any mark: Unicode's M.
    static let mark = CharacterClass(rawValue: 128)

    static let wordOrSpace: CharacterClass = [.letter, .number, .space]

    /// The class of a scalar value: a table below U+10000, computed above.
    @inline(__always)
    init(of scalar: UInt32) {
        self = scalar < 0x10000 ? CharacterClass.table[Int(scalar)] : CharacterClass(computedFor: scalar)
    }

    private static let table = (0..<0x10000).map { CharacterClass(computedFor: $0) }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    private init(computedFor value: UInt32) {
        guard let scalar = Unicode.Scalar(value) else {
            self = .dropped
            return
        }
        var found: CharacterClass = []
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            found = .letter
        case .decimalNumber, .letterNumber, .otherNumber: found = .number
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            found = .punctuation
        case .nonspacingMark: found = [.nonspacingMark, .mark]
        case .spacingMark, .enclosingMark: found = .mark
        case .control, .format, .privateUse: found = .dropped
        default: break
        }
        // The reference's tables for BERT are those of Unicode 8.
        if let age = scalar.properties.age, age.major > 8 {
            found.subtract([.punctuation, .nonspacingMark, .mark, .dropped])
        }
        if let then = CharacterClass.inUnicode8[value] { found = then }
        if scalar.properties.isWhitespace { found.insert(.space) }
        if value == 0xfffd { found.insert(.dropped) }
        if value == 9 || value == 10 || value == 13 { found.remove(.dropped) }
        if value < 128, value > 32, value < 127, found.isDisjoint(with: [.letter, .number]) {
            found.insert(.punctuation)
        }
        if CharacterClass.ideographs.contains(where: { $0.contains(value) }) { found.insert(.ideograph) }
        self = found
    }

    /// Characters of another category now than in Unicode 8.
    private static let inUnicode8: [UInt32: CharacterClass] = [
        0x166d: .punctuation, 0x1734: [.nonspacingMark, .mark], 0x1885: .letter, 0x1886: .letter,
        0xa9bd: .mark, 0x111c9: .punctuation, 0x1171e: [.nonspacingMark, .mark],
    ]

    private static let ideographs: [ClosedRange<UInt32>] = [
        0x3400...0x4dbf, 0x4e00...0x9fff, 0xf900...0xfaff, 0x20000...0x2a6df, 0x2a700...0x2b73f,
        0x2b740...0x2b81f, 0x2b920...0x2ceaf, 0x2f800...0x2fa1f,
    ]
}
