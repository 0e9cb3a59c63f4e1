import Learning

extension Trainer {
    /// The rates that its updates go by, as a cell names them; none where the optimizer goes by one of its own.
    package var rates: [(name: String, rate: Float)] {
        guard settings.optimizer.ownRate(at: 1) == nil else { return [] }
        let parts = settings.rates ?? PartRates()
        let isCovered = parts.cover(trainedParameters, of: model, head: Set(task.parameters.map(\.name)))
        let all: [(name: String, rate: Float)] = isCovered ? [] : [("lr", settings.lr)]
        return all + parts.given.map { (name: "lr.\($0.name)", rate: $0.rate) }
    }
}

extension Float {
    /// A rate as a cell writes it: `10`, `0.05`, `5e-4`.
    package var written: String {
        let text = "\(self)"
        if text.hasSuffix(".0") { return String(text.dropLast(2)) }
        guard self > 0, self < 1e-3 else { return text }
        if let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...]) {
            return "\(text[..<mark])e\(exponent)"
        }
        let digits = text.drop { $0 == "0" || $0 == "." }
        let places = text.count - digits.count - 1
        let rest = digits.dropFirst()
        return "\(digits.prefix(1))\(rest.isEmpty ? "" : ".\(rest)")e-\(places)"
    }
}
