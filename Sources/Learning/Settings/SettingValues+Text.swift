extension SettingValues {
    /// As plans and tables show them, in the order of declaration: numbers always, `auto` where that may be
    /// written and nothing was, the rest where it is not as usual.
    package var shown: [(name: String, value: String)] {
        declarations.compactMap { declaration in
            let name = declaration.name
            guard let value = self[name] else { return declaration.isAutomatic ? (name, "auto") : nil }
            return value.isNumber || value != declaration.usual ? (name, value.text) : nil
        }
    }
}

extension SettingValue {
    /// A number of single precision, with the digits that tell it from its neighbours.
    package init(_ single: Float) { self = .number(Double("\(single)") ?? Double(single)) }

    /// As it would be written in a cell.
    package var text: String {
        switch self {
        case .count(let count): "\(count)"
        case .number(let number): "\(number)".hasSuffix(".0") ? "\("\(number)".dropLast(2))" : "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .word(let word): word.contains(where: \.isWhitespace) ? Self.quoted(word) : word
        case .names(let names): names.joined(separator: ",")
        }
    }

    /// Single quotes hold every character but themselves.
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { $0 == "'" || $0.isNewline }) else { return "'\(text)'" }
        let plain = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(plain.replacing("$", with: "\\$").replacing("\n", with: "\\n"))\""
    }

    fileprivate var isNumber: Bool {
        switch self {
        case .count, .number: true
        default: false
        }
    }
}
