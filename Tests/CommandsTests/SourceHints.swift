import Foundation

/// The hints that stand in the sources: the strings of each `hint:` and `hint =`, `…` for what is filled in.
struct SourceHints {
    private let text: [Character]

    init(_ source: String) { text = Array(source) }

    /// Those that tell what to write: with a verb of telling, or a `key=`.
    static func all() throws -> [(file: String, hint: String)] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
        var found: [(file: String, hint: String)] = []
        for case let url as URL in files ?? .init() where url.pathExtension == "swift" {
            let source = try String(contentsOf: url, encoding: .utf8)
            let hints = try SourceHints(source).hints.filter { try isAdvice($0) }
            found += hints.map { (url.lastPathComponent, $0) }
        }
        return found
    }

    private static func isAdvice(_ hint: String) throws -> Bool {
        try hint.contains(
            Regex(
                #"\b(write|try|load|ask|say|raise|leave|set|name|give|choose|take|keep|end|put|mean|lists)\b|[a-z_]+="#
            ))
    }

    private var hints: [String] {
        let mark = Array("hint")
        return text.indices.filter { text[$0...].starts(with: mark) }.flatMap { start -> [String] in
            var place = start + mark.count
            while place < text.count, text[place] == " " { place += 1 }
            guard place < text.count, text[place] == ":" || text[place] == "=", !isComment(start),
                start == 0 || text[start - 1] != "\""
            else {
                return []
            }
            return literals(from: place + 1)
        }
    }

    private func isComment(_ place: Int) -> Bool {
        let lineStart = text[..<place].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return String(text[lineStart..<place]).contains("//")
    }

    /// The literals of the expression there, which ends with the argument (or the line, outside of one).
    private func literals(from start: Int) -> [String] {
        var (place, depth) = (start, 0)
        var found: [String] = []
        while place < text.count {
            switch text[place] {
            case "\"":
                found.append(literal(&place))
                continue
            case "(", "[", "{": depth += 1
            case ")", "]", "}":
                if depth == 0 { return found }
                depth -= 1
            case "," where depth == 0: return found
            case "\n" where depth == 0 && !goesOn(after: place): return found
            default: break
            }
            place += 1
        }
        return found
    }

    private func goesOn(after newline: Int) -> Bool {
        let before = text[..<newline].last { $0 != " " }
        let after = text[(newline + 1)...].first { $0 != " " }
        return before.map { ":=?+(".contains($0) } == true || after.map { "?:+.\")".contains($0) } == true
    }

    private func literal(_ place: inout Int) -> String {
        var result = ""
        place += 1
        while place < text.count, text[place] != "\"" {
            if text[place] == "\\", place + 1 < text.count {
                place += 1
                if text[place] == "(" {
                    interpolation(&place)
                    result += "…"
                    continue
                }
            }
            result.append(text[place])
            place += 1
        }
        place += 1
        return result
    }

    private func interpolation(_ place: inout Int) {
        var depth = 0
        repeat {
            switch text[place] {
            case "\"":
                _ = literal(&place)
                continue
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            place += 1
        } while depth > 0 && place < text.count
    }
}
