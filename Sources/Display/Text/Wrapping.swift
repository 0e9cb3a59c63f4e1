extension String {
    /// The text in lines of at most `width` columns, broken at spaces; a longer word stays whole.
    ///
    /// What goes on in a new line begins below its beginning: below the second column where two spaces or more part
    /// the line, as a list of words and meanings has it.
    package func wrapped(to width: Int) -> String {
        guard utf8.count > width else { return self }
        return split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.displayWidth > width ? Self.wrapped(line, to: width) : String(line)
        }.joined(separator: "\n")
    }

    private static func wrapped(_ line: Substring, to width: Int) -> String {
        let hang = String(repeating: " ", count: hang(of: line, within: width / 2))
        var lines: [String] = []
        // The first words stand where they stood.
        var current = String(line.prefix(hang.count))
        var isEmpty = true
        for word in line.dropFirst(hang.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, current.displayWidth + 1 + word.displayWidth > width {
                lines.append(current.trimmingTrailingSpaces)
                (current, isEmpty) = (hang, true)
                if word.isEmpty { continue }
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [current]).joined(separator: "\n")
    }

    /// How far lines that go on are indented.
    private static func hang(of line: Substring, within limit: Int) -> Int {
        let indent = line.prefix { $0 == " " }.count
        var hang = indent
        var spaces = 0
        for (column, character) in line.enumerated().dropFirst(indent).prefix(Swift.max(0, limit - indent)) {
            if character == " " {
                spaces += 1
            } else {
                if spaces > 1 { hang = column }
                spaces = 0
            }
        }
        return hang
    }
}

extension [String] {
    /// The parts with ` · ` between them, in lines of at most `width` columns; a longer part stays whole.
    func joinedByDots(to width: Int) -> [String] {
        reduce(into: []) { lines, part in
            if let last = lines.last, (last + part).displayWidth + 3 <= width {
                lines[lines.count - 1] = "\(last) · \(part)"
            } else {
                lines.append(part)
            }
        }
    }
}

extension Substring {
    fileprivate var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}
