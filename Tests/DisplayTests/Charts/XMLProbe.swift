/// A strict look at the shape of a small XML document: tags balanced, text escaped, no script.
enum XMLProbe {
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard isText(rest[..<start]), let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            let name = tag.drop { $0 == "/" }.prefix { !" /\n".contains($0) }
            if tag.hasPrefix("/") {
                guard open.popLast() == name else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(name)
            }
        }
        return open.isEmpty && isText(rest)
    }

    /// An ampersand only begins an entity.
    private static func isText(_ text: Substring) -> Bool {
        text.split(separator: "&", omittingEmptySubsequences: false).dropFirst().allSatisfy { piece in
            let name = piece.prefix { $0 != ";" }
            return ["amp", "lt", "gt", "quot"].contains(name) || name.hasPrefix("#")
        }
    }
}
