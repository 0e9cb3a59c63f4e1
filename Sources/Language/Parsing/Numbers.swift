/// A number as people write it: `16`, `1e-5`, `5%`, `2k`, `1.5M`, `8GB`, `1_000`.
///
/// A per cent sign divides by 100; k, M and G are thousands, with or without a B for bytes.
package func parsedNumber(_ text: String) -> Double? {
    var digits = text.filter { $0 != "_" }
    guard let first = digits.first, first.isNumber || "+-.".contains(first), text.first != "_" else {
        return nil
    }
    var scale = 1.0
    if digits.hasSuffix("%") {
        digits.removeLast()
        scale = 0.01
    } else {
        if digits.hasSuffix("B") { digits.removeLast() }
        let units: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
        if let unit = digits.last.flatMap({ units[$0] }) {
            digits.removeLast()
            scale = unit
        }
    }
    guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }) else { return nil }
    guard let number = Double(digits), number.isFinite else { return nil }
    return scale == 0.01 ? number / 100 : number * scale
}

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
