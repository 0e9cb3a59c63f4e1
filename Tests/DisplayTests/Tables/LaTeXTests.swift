import Testing

@testable import Display

@Suite struct LaTeXTests {
    @Test func everyLetterWithAMeaningIsQuoted() {
        #expect(
            #"\a{b} 5% & #1_2 $^~<"#.latexEscaped
                == ##"\textbackslash{}a\{b\} 5\% \& \#1\_2 \$\textasciicircum{}\textasciitilde{}\textless{}"##
        )
        // No dash of two hyphens, no quotation mark of a backquote.
        #expect("--a |`".latexEscaped == #"-{}-a \textbar{}\textasciigrave{}"#)
    }

    @Test func signsThatFontsLackAreCommandsOrNumbers() {
        #expect(
            "−3 ≤ x · ✓ ⏎ ✂".latexEscaped
                == #"$-$3 $\leq$ x \textperiodcentered{} $\checkmark$ $\hookleftarrow$ \dag{}"#)
        #expect("⠿ 🦜 ❤️".latexEscaped == #"\texttt{U+283F} \texttt{U+1F99C} \texttt{U+2764}"#)
        #expect("é 日本 Ж “a”–b".latexEscaped == "é 日本 Ж “a”–b")
    }

    @Test func aTableHasTheRulesOfBooks() {
        let table = Table(
            columns: ["name", .number("n", .automatic)], rows: [["a & b", 2], ["[CLS]", 3], ["* s", 4]])
        #expect(
            table.latex == #"""
                % \usepackage{booktabs}
                \begin{tabular}{@{}lr@{}}
                \toprule
                name & n \tabularnewline
                \midrule
                a \& b & 2 \tabularnewline
                {}[CLS] & 3 \tabularnewline
                {}* s & 4 \tabularnewline
                \bottomrule
                \end{tabular}
                """#)
    }

    @Test func aLongTextIsBrokenIntoLines() {
        let text = String(repeating: "word ", count: 40)
        let latex = Table(columns: ["n", "text"], rows: [[1, .text(text)]]).latex
        #expect(
            latex.contains(#"{@{}rp{0.950\linewidth}@{}}"#) && latex.contains(#"1 & \raggedright word word"#))
    }

    @Test func manyColumnsAreSmallerAndTooManyAreLeftOut() {
        func table(_ count: Int) -> String {
            let columns = (1...count).map { Table.Column("column\($0)") }
            return Table(columns: columns, rows: [columns.map { _ in .integer(123_456) }]).latex
        }
        #expect(!table(8).contains(#"\small"#))
        #expect(table(9).hasPrefix("{\\small\n") && table(9).hasSuffix(#"\par}"#))
        #expect(table(30).hasPrefix("{\\scriptsize\n") && table(30).contains("of 30 columns are left out"))
        #expect(table(30).contains(#"& \ldots{} &"#))
    }

    @Test func aTableOfManyRowsGoesOnOverPages() {
        let latex = Table(columns: ["n"], rows: (1...50).map { [.integer($0)] }).latex
        #expect(latex.contains(#"\begin{longtable}[l]{@{}r@{}}"#) && latex.contains(#"\endhead"#))
        #expect(latex.contains(#"% \usepackage{booktabs, longtable}"#))
    }

    @Test func factsHaveNoHead() {
        let latex = KeyValue([.init("rows", 25_000)]).table.latex
        #expect(!latex.contains(#"\midrule"#) && latex.contains(#"rows & 25,000 \tabularnewline"#))
    }
}
