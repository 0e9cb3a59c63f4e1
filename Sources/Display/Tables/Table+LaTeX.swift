extension Table {
    /// A tabular for papers and for notebooks turned into PDF; it needs no package.
    package var latex: String {
        let letters = columns.indices.map { index in
            switch alignment(ofColumn: index) {
            case .leading: "l"
            case .trailing: "r"
            case .centre: "c"
            }
        }
        func line(_ cells: [String]) -> String {
            cells.map(\.onOneLine.latexEscaped).joined(separator: " & ") + #" \\"#
        }
        var lines = [#"\begin{tabular}{"# + letters.joined() + "}", #"\hline"#]
        if hasTitles { lines += [line(columns.map(\.title)), #"\hline"#] }
        lines += rows.map { row in line(zip(row, columns).map { $0.text(style: $1.style) }) }
        lines += [#"\hline"#, #"\end{tabular}"#]
        let above = caption.map { [#"\textbf{"# + $0.onOneLine.latexEscaped + "}", ""] } ?? []
        let warned = warnings.flatMap { ["", #"\textbf{"# + $0.onOneLine.latexEscaped + "}"] }
        let below = warned + (notes + origins).flatMap { ["", #"\emph{"# + $0.onOneLine.latexEscaped + "}"] }
        return (above + lines + below).joined(separator: "\n")
    }
}

extension String {
    /// Text from data, safe inside a LaTeX document: every letter with a meaning of its own is quoted.
    package var latexEscaped: String {
        var result = ""
        for scalar in withoutControls.unicodeScalars {
            switch scalar {
            case "\\": result += #"\textbackslash{}"#
            case "{", "}", "$", "&", "#", "_", "%": result += "\\\(scalar)"
            case "^": result += #"\textasciicircum{}"#
            case "~": result += #"\textasciitilde{}"#
            case "<": result += #"\textless{}"#
            case ">": result += #"\textgreater{}"#
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
