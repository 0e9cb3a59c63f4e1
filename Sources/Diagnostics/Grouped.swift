extension Int {
    /// As a person reads it, thousands set apart by commas: 25,000. What somebody is to type is written without.
    package var grouped: String { (self < 0 ? "-" : "") + String(magnitude).groupedDigits }
}

extension StringProtocol {
    /// Digits with commas before each three of them, from the end.
    package var groupedDigits: String {
        var text = ""
        for (index, digit) in enumerated() {
            if index > 0, (count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
