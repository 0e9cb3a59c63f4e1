/// A text as its Unicode scalars, which is what Python's strings, and so the reference implementations of text metrics,
/// count and compare: Swift's own strings hold texts for equal that differ in scalars alone (é as one or as two).
typealias Scalars = [Unicode.Scalar]

extension Unicode.Scalar {
    /// What Python's `str.split()` and `\s` take for white space.
    var isPythonSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

    /// What Python's `\w` takes for a part of a word: letters, numbers of every kind and the underscore.
    var isPythonWord: Bool {
        if isASCII { return isASCIILetter || isASCIIDigit || self == "_" }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            return true
        default: return false
        }
    }

    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }

    /// Python's `string.punctuation`.
    var isASCIIPunctuation: Bool {
        (0x21...0x7E).contains(value) && !isASCIIDigit && !isASCIILetter
    }
}

extension Array where Element == Unicode.Scalar {
    init(_ text: String) { self.init(text.unicodeScalars) }

    var string: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: self)
        return String(view)
    }

    /// As Python's `str.lower()` has it, which knows the sigma at a word's end.
    var lowercase: Scalars {
        var lower: Scalars = []
        lower.reserveCapacity(count)
        for (index, scalar) in enumerated() {
            if scalar.isASCII {
                lower.append(
                    ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
            } else if scalar == "Σ" {
                lower.append(endsWord(at: index) ? "ς" : "σ")
            } else {
                lower += scalar.properties.lowercaseMapping.unicodeScalars
            }
        }
        return lower
    }

    /// Whether a letter stands before a place and none after it, what bears no case left aside.
    private func endsWord(at index: Int) -> Bool {
        let before = self[..<index].last { !$0.properties.isCaseIgnorable }
        let after = self[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        return before?.properties.isCased == true && after?.properties.isCased != true
    }

    /// As Python's `str.split()` has it.
    var words: [Scalars] { split(whereSeparator: \.isPythonSpace).map(Scalars.init) }

    /// As Python's `str.rstrip()` has it.
    var withoutSpaceAtEnd: Scalars { Scalars(prefix((lastIndex { !$0.isPythonSpace } ?? -1) + 1)) }

    /// Each pair of neighbours that fits put another way, from the left and never overlapping, as `re.sub` finds them.
    func replacingPairs(
        where fits: (Unicode.Scalar, Unicode.Scalar) -> Bool,
        with replacement: (Unicode.Scalar, Unicode.Scalar) -> Scalars
    ) -> Scalars {
        var result: Scalars = []
        result.reserveCapacity(count + 8)
        var index = 0
        while index < count {
            if index + 1 < count, fits(self[index], self[index + 1]) {
                result += replacement(self[index], self[index + 1])
                index += 2
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}

extension Array where Element: Hashable {
    /// How often each run of so many neighbours occurs.
    func runs(of length: Int) -> [ArraySlice<Element>: Int] {
        guard count >= length else { return [:] }
        var counts: [ArraySlice<Element>: Int] = [:]
        for start in 0...count - length { counts[self[start..<start + length], default: 0] += 1 }
        return counts
    }
}
