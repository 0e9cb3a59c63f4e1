/// A line of Python that was pasted into a cell: an import, a call, a decorator or the head of a block.
struct PastedPython {
    /// What it calls or imports, the name that tells most first: `train`, `trainer` of `trainer.train()`.
    let names: [String]

    private static let heads: Set<String> = [
        "def", "class", "for", "while", "if", "with", "elif", "else", "try", "except", "finally", "async",
    ]

    init?(_ text: String) {
        let words = text.split(whereSeparator: \.isWhitespace)
        let first = words.first?.prefix(while: Self.isName) ?? ""
        if Self.isImport(words) {
            let all = text.split { !Self.isName($0) }.map(String.init)
            names = all.filter { !["import", "from", "as"].contains($0) }.reversed()
        } else if text.first == "@" || (Self.heads.contains(String(first)) && text.last == ":") {
            names = []
        } else if let callee = Self.callee(text) {
            names = callee.split(separator: ".").map(String.init).reversed()
        } else {
            return nil
        }
    }

    /// `import torch`, `import numpy as np`, `from peft import LoraConfig`.
    private static func isImport(_ words: [Substring]) -> Bool {
        if words.first == "from" { return words.count > 3 && words[2] == "import" }
        guard words.first == "import", words.count > 1 else { return false }
        return words.count == 2 || words[2] == "as" || words[1].last == ","
    }

    /// `trainer.train` of `result = trainer.train()`; nil where no bracket stands right after a name.
    private static func callee(_ text: String) -> Substring? {
        var rest = text[...]
        if let equals = text.firstIndex(of: "="),
            text[..<equals].allSatisfy({ isName($0) || " ,".contains($0) })
        {
            rest = text[text.index(after: equals)...].drop { $0 == " " }
        }
        let name = rest.prefix { isName($0) || $0 == "." }
        guard let first = name.first, isName(first), !first.isNumber, rest[name.endIndex...].first == "("
        else {
            return nil
        }
        return name
    }

    private static func isName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber) || character == "_"
    }
}
