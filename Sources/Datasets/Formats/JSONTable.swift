import Diagnostics
import JSON

/// Collects objects as rows; columns appear in the order in which they are first seen.
struct JSONTable {
    private var columns: [Column] = []
    private var places: [String: Int] = [:]
    private var values: [[String]] = []

    private struct Column {
        let name: String
        /// In how many rows it is there, and in how many of them it is an array or an object.
        var count = 0
        var nested = 0
    }

    mutating func append(_ item: JSON, place: String) throws {
        guard let object = item.object else {
            throw Diagnostic(
                "not-an-object", "\(place) is no JSON object", hint: "expected {\"text\": …, \"label\": …}")
        }
        var row = [String](repeating: "", count: columns.count)
        for (key, value) in object {
            let index = places[key] ?? columns.count
            if index == columns.count {
                places[key] = index
                columns.append(Column(name: key))
                row.append("")
            }
            row[index] = Self.text(of: value)
            columns[index].count += 1
            if value.array != nil || value.object != nil { columns[index].nested += 1 }
        }
        values.append(row)
    }

    func rows(source: String, notes: [Remark]) -> Rows {
        let filled = values.map { row in
            row.count == columns.count ? row : row + Array(repeating: "", count: columns.count - row.count)
        }
        var rows = Rows(columns: columns.map(\.name), values: filled, notes: notes + remarks, source: source)
        for column in columns where column.nested > 0 { rows.nested[column.name] = column.nested }
        return rows
    }

    /// Keys that not every object has.
    private var remarks: [Remark] {
        let missing = columns.filter { $0.count < values.count }.prefix(5).map { column in
            "\(counted(values.count - column.count)) of \(values.count) \(values.count - column.count == 1 ? "has" : "have") no \(column.name.forMessages): empty there"
        }
        return missing.map { Remark($0) }
    }

    /// A value as a cell: text as it is, nothing as empty, anything nested as JSON.
    private static func text(of value: JSON) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        case .integer(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        case .number, .array, .object: value.text()
        }
    }
}

extension Diagnostic {
    /// What to try about text that is no JSON; nil when nothing particular is known.
    var hintOnJSON: String? {
        if message.contains("premature end") || message.contains("near end of file") {
            return "the file may be cut off: download it again"
        }
        if message.contains("NaN") || message.contains("Infinity") {
            return "JSON knows no NaN and no Infinity: write null where there is no value"
        }
        if message.contains("duplicate object key") { return "leave one of the two out" }
        return message.contains("parsing depth") ? "values may be nested 2048 deep at most" : nil
    }
}
