extension String {
    /// Text from data, safe inside an HTML element or a quoted attribute.
    package var htmlEscaped: String {
        var result = ""
        result.reserveCapacity(utf8.count)
        for scalar in withoutControls.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Text from data, safe inside a cell of a Markdown table: one line, shown letter for letter.
    package var markdownEscaped: String {
        var result = ""
        for scalar in withoutControls.unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#", "$", "!": result += "\\\(scalar)"
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\n": result += "<br>"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text without control characters (tabs become spaces) and without marks that turn the
    /// direction of what follows; line breaks stay.
    package var withoutControls: String {
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A: result.append(scalar)
            case 0x09: result.append(" ")
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0xFFFE, 0xFFFF: continue
            case 0x2028, 0x2029: result.append("\n")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The text on one line, its line breaks shown as ⏎.
    package var onOneLine: String {
        let clean = withoutControls
        guard clean.unicodeScalars.contains("\n") else { return clean }
        return clean.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: " ⏎ ")
    }
}
