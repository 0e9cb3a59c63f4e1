/// A number as people write it: `16`, `1e-5`, `5%`, `2k`, `1.5M`, `8GB`, `1_000`.
///
/// What it was written with stays known, since 100% is not 1 everywhere and 8GB is no seed.
package struct WrittenNumber: Sendable, Hashable {
    package enum Unit: Sendable, Hashable {
        case plain
        /// `%`, which divides by 100.
        case percent
        /// k, M, G or T.
        case thousands
        /// The same with a B.
        case bytes
    }

    package let value: Double
    package let unit: Unit
    /// The value as a whole number, exact also where `value` is not; nil when it has a fraction or does not fit.
    package let whole: Int?

    /// Nil for what is no number, and for those too large or too small to be kept.
    package init?(_ text: String) {
        var digits = text.filter { $0 != "_" }
        guard let first = digits.first, first.isNumber || "+-.".contains(first), text.first != "_" else {
            return nil
        }
        var scale = 1.0
        var unit = Unit.plain
        if digits.hasSuffix("%") {
            digits.removeLast()
            unit = .percent
        } else {
            if digits.hasSuffix("B") {
                digits.removeLast()
                unit = .bytes
            }
            if let thousands = digits.last.flatMap({ Self.thousands[$0] }) {
                digits.removeLast()
                scale = thousands
                if unit == .plain { unit = .thousands }
            }
        }
        guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }) else { return nil }
        guard let number = Double(digits) else { return nil }
        value = unit == .percent ? number / 100 : number * scale
        let mantissa = digits.prefix { $0 != "e" && $0 != "E" }
        guard value.isFinite, value != 0 || !mantissa.contains(where: { ("1"..."9").contains($0) }) else {
            return nil
        }
        self.unit = unit
        whole = unit == .plain ? Int(digits) ?? Int(exactly: number) : Int(exactly: value)
    }

    private static let thousands: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
}

/// The value of a written number; a per cent sign divides by 100.
package func parsedNumber(_ text: String) -> Double? { WrittenNumber(text)?.value }

/// A number in the shortest form that reads well: `3`, `0.05`, `5e-4`, `25,000` is left to tables.
package func formatted(_ number: Double) -> String {
    if number == number.rounded(), abs(number) < 1e15 { return String(Int(number)) }
    let text = "\(number)"
    guard let exponent = text.firstIndex(of: "e") else {
        return abs(number) < 1e-3 ? scientific(text) : text
    }
    var mantissa = String(text[..<exponent])
    if mantissa.hasSuffix(".0") { mantissa.removeLast(2) }
    return mantissa + "e" + (Int(text[text.index(after: exponent)...]).map(String.init) ?? "0")
}

/// `0.0005` as `5e-4`.
private func scientific(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let digits = text.drop { $0 == "-" || $0 == "0" }.dropFirst()
    let zeros = digits.prefix { $0 == "0" }.count
    let rest = digits.dropFirst(zeros)
    guard let first = rest.first else { return text }
    let tail = rest.dropFirst()
    return (isNegative ? "-" : "") + "\(first)" + (tail.isEmpty ? "" : ".\(tail)") + "e-\(zeros + 1)"
}
