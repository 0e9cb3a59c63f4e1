extension String {
    /// Text from data, safe inside a LaTeX document: every letter with a meaning of its own is quoted, and signs that
    /// its fonts lack are written as commands or by their number, since TeX leaves them out without a word.
    ///
    /// Letters of all scripts stay as they are: which of them can be seen is up to the document's font.
    package var latexEscaped: String {
        var result = ""
        var last: Unicode.Scalar?
        for scalar in withoutControls.unicodeScalars {
            defer { last = scalar }
            switch scalar {
            case "\\": result += #"\textbackslash{}"#
            case "{", "}", "$", "&", "#", "_", "%": result += "\\\(scalar)"
            case "^": result += #"\textasciicircum{}"#
            case "~": result += #"\textasciitilde{}"#
            case "<": result += #"\textless{}"#
            case ">": result += #"\textgreater{}"#
            case "`": result += #"\textasciigrave{}"#
            case "|": result += #"\textbar{}"#
            // Two hyphens would become a dash.
            case "-" where last == "-": result += "{}-"
            default: result += latexSigns[scalar] ?? scalar.latexName ?? String(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// `U+2713`, of a sign that text fonts lack; empty, of what only chooses how the one before it looks.
    fileprivate var latexName: String? {
        if (0xFE00...0xFE0F).contains(value) { return "" }
        guard value >= 0x2190 else { return nil }
        switch properties.generalCategory {
        case .otherSymbol, .mathSymbol, .modifierSymbol:
            return #"\texttt{U+"# + String(value, radix: 16, uppercase: true) + "}"
        default: return nil
        }
    }
}

/// Signs that LaTeX has commands for, whatever the engine and the font.
private let latexSigns: [Unicode.Scalar: String] = {
    var signs: [Unicode.Scalar: String] = [
        "−": "$-$", "×": #"$\times$"#, "±": #"$\pm$"#, "≤": #"$\leq$"#, "≥": #"$\geq$"#, "≠": #"$\neq$"#,
        "≈": #"$\approx$"#, "∞": #"$\infty$"#, "√": #"$\surd$"#, "∙": #"$\cdot$"#, "→": #"$\rightarrow$"#,
        "←": #"$\leftarrow$"#, "↑": #"$\uparrow$"#, "↓": #"$\downarrow$"#, "⏎": #"$\hookleftarrow$"#,
        "·": #"\textperiodcentered{}"#, "…": #"\ldots{}"#, "⋮": #"$\vdots$"#, "✓": #"$\checkmark$"#,
        "✂": #"\dag{}"#, "●": #"$\bullet$"#, "◉": #"$\odot$"#, "◀": #"$\triangleleft$"#,
        "▶": #"$\triangleright$"#, "│": "$|$", "█": #"\rule{0.6em}{1.4ex}"#,
    ]
    for line: Unicode.Scalar in ["─", "━", "╌"] { signs[line] = #"\rule[0.5ex]{0.6em}{0.4pt}"# }
    return signs
}()
