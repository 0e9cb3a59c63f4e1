import Diagnostics
import JSON

/// What a cell holds where a dialogue may stand: a text, or turns.
enum Utterance {
    case text(String)
    case turns([Turn])
    /// Turns of which one is of a side that is not known, by its name.
    case unknown(String)

    /// - `cell`: a list of `{role, content}` or ShareGPT's `{from, value}`, one such object, a dialogue as
    ///   Anthropic's HH writes them, or any other text.
    init(_ cell: String) {
        if let turns = Self.written(cell) {
            self = .turns(turns)
        } else if cell.first == "[" || cell.first == "{", let value = try? JSON(parsing: cell),
            let listed = Self.listed(value.array ?? [value])
        {
            self = listed
        } else {
            self = .text(cell)
        }
    }

    var turns: [Turn]? { if case .turns(let turns) = self { turns } else { nil } }

    private static func listed(_ items: [JSON]) -> Utterance? {
        var turns: [Turn] = []
        for item in items {
            guard let name = (item["role"] ?? item["from"])?.string,
                let content = (item["content"] ?? item["value"])?.string
            else { return nil }
            guard let role = Turn.Role(named: name) else { return .unknown(name) }
            turns.append(Turn(role, content))
        }
        return turns.isEmpty ? nil : .turns(Turn.joined(turns))
    }

    /// `\n\nHuman: …\n\nAssistant: …`, the white space around what is said left out.
    private static func written(_ text: String) -> [Turn]? {
        let marks: [(text: String, role: Turn.Role)] = [
            ("\n\nHuman:", .user), ("\n\nAssistant:", .assistant),
        ]
        guard marks.contains(where: { text.hasPrefix($0.text) }) else { return nil }
        let starts = marks.flatMap { mark in text.ranges(of: mark.text).map { (range: $0, role: mark.role) } }
            .sorted { $0.range.lowerBound < $1.range.lowerBound }
        let turns = starts.enumerated().map { index, start in
            let end = index + 1 < starts.count ? starts[index + 1].range.lowerBound : text.endIndex
            return Turn(start.role, String(text[start.range.upperBound..<end]).trimmed)
        }
        return Turn.joined(turns)
    }
}
