import Diagnostics
import JSON

/// Pairs of answers, one preferred: `{prompt, chosen, rejected}`, or dialogues that share a beginning.
struct Preferences: DatasetSource {
    let name = "preferences"
    let summary =
        "pairs of answers from path=FILE: columns chosen and rejected, with prompt or a shared beginning"
    let needsPath = true

    func rows(for request: DatasetRequest, in context: LoadContext) throws -> Rows {
        var rows = try TableFile().rows(at: try requiredPath(request), in: context)
        guard let chosen = rows.index(of: "chosen"), let rejected = rows.index(of: "rejected") else {
            throw Diagnostic(
                "missing-column",
                "\(rows.source) has the columns \(rows.columns.joined(separator: ", ")), expected chosen and rejected",
                hint: "name a file of preference pairs")
        }
        let prompt = ["prompt", "question", "instruction", "conversations"].compactMap(rows.index).first
        rows.values = rows.values.map { row in
            let pair = (Self.answer(row[chosen]), Self.answer(row[rejected]))
            guard let prompt else { return Self.dialogue(pair.0, pair.1) }
            return [Self.answer(row[prompt]), pair.0, pair.1]
        }
        rows.columns = ["prompt", "chosen", "rejected"]
        rows.roles = Rows.Roles(text: "prompt", mayHaveLabel: false)
        let same = rows.keep { row, _ in row[1] != row[2] && !row[0].isEmpty }
        if same > 0 { rows.notes.append("\(counted(same)) without a prompt or with equal answers dropped") }
        return rows
    }

    /// Two dialogues that end in different answers: what they share, up to the last turn, is the prompt.
    private static func dialogue(_ chosen: String, _ rejected: String) -> [String] {
        let turn = "\n\nAssistant:"
        guard let end = chosen.ranges(of: turn).last?.upperBound else { return ["", chosen, rejected] }
        let prompt = String(chosen[..<end])
        guard rejected.hasPrefix(prompt) else { return ["", chosen, rejected] }
        return [prompt, String(chosen[end...]), String(rejected.dropFirst(prompt.count))]
    }

    /// The text in a cell: itself, or the turns of a nested conversation, one after another.
    private static func answer(_ cell: String) -> String {
        guard cell.first == "[" || cell.first == "{", let value = try? JSON(parsing: cell) else {
            return cell
        }
        let turns = (value.array ?? [value]).compactMap { $0["value"]?.string ?? $0["content"]?.string }
        return turns.isEmpty ? cell : turns.joined(separator: "\n\n")
    }
}
