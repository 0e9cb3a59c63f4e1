/// Words as BLEU counts them: sacrebleu's `13a`, which is that of `mteval-v13a` (NIST) for western languages.
enum Tokenizer13a {
    static func words(of text: String) -> [Scalars] {
        var line = Scalars(text).withoutSpaceAtEnd
        for (mark, meaning) in entities { line = line.replacing(mark, with: meaning) }
        line = [" "] + line + [" "]
        line = line.flatMap { isMark($0) ? [" ", $0, " "] : [$0] }
        // A full stop and a comma belong to a number that they stand in, and to nothing else.
        line = line.replacingPairs {
            !$0.isASCIIDigit && isStop($1)
        } with: {
            [$0, " ", $1, " "]
        }
        line = line.replacingPairs {
            isStop($0) && !$1.isASCIIDigit
        } with: {
            [" ", $0, " ", $1]
        }
        line = line.replacingPairs {
            $0.isASCIIDigit && $1 == "-"
        } with: {
            [$0, " ", $1, " "]
        }
        return line.words
    }

    private static let entities = [
        ("<skipped>", ""), ("-\n", ""), ("\n", " "), ("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"),
        ("&gt;", ">"),
    ].map { (Scalars($0), Scalars($1)) }

    private static func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    /// All of ASCII's marks but the apostrophe, the hyphen, the full stop and the comma.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCIIPunctuation && !["'", "-", ".", ","].contains(scalar)
    }
}
