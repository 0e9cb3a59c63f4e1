import Diagnostics
import JSON

/// One JSON object a line.
struct JSONLines: RowFormat {
    let endings = ["jsonl", "ndjson"]

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        let file = try TextFile.table(at: path, in: context)
        let bytes = file.lines
        var table = JSONTable()
        var start = 0
        var line = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            line += 1
            if line.isMultiple(of: 1024) { try context.interruption.check() }
            let text = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end + 1
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            try table.append(try parsed(text, line, path), place: "line \(line) of \(path)")
        }
        return table.rows(source: path, notes: file.notes)
    }

    private func parsed(_ text: String, _ line: Int, _ path: String) throws -> JSON {
        do {
            return try JSON(parsing: text)
        } catch let diagnostic as Diagnostic {
            throw Diagnostic(
                "bad-json-line", "line \(line) of \(path) is \(diagnostic.message)",
                hint: "every line of a jsonl file is one JSON object; the file may be cut off")
        }
    }
}

/// One JSON document: an array of objects, alone or as the one array in an object, or an object
/// of columns.
struct JSONDocument: RowFormat {
    let endings = ["json"]

    func rows(at path: String, in context: LoadContext) throws -> Rows {
        let file = try TextFile.table(at: path, in: context)
        let text = file.text
        let document: JSON
        do {
            document = try JSON(parsing: text)
        } catch let diagnostic as Diagnostic {
            // Many files called .json hold one object a line.
            if text.first == "{", let rows = try? JSONLines().rows(at: path, in: context) { return rows }
            throw Diagnostic(
                "bad-json", "\(path) is \(diagnostic.message)", hint: "the file may be cut off")
        }
        var table = JSONTable()
        for (index, item) in try items(of: document, path).enumerated() {
            if index.isMultiple(of: 1024) { try context.interruption.check() }
            try table.append(item, place: "item \(index + 1) of \(path)")
        }
        return table.rows(source: path, notes: file.notes)
    }

    private func items(of document: JSON, _ path: String) throws -> [JSON] {
        if let items = document.array { return items }
        guard let object = document.object else { throw noRows(path) }
        let arrays = object.compactMap { key, value in value.array.map { (key, $0) } }
        if arrays.count == object.count, let count = arrays.first?.1.count, arrays.count > 1,
            arrays.allSatisfy({ $0.1.count == count })
        {
            return (0..<count).map { row in .object(JSONObject(arrays.map { ($0.0, $0.1[row]) })) }
        }
        let ofObjects = arrays.filter { $0.1.first?.object != nil }
        if ofObjects.count == 1 { return ofObjects[0].1 }
        if arrays.isEmpty, !object.isEmpty { return [document] }
        throw noRows(path)
    }

    private func noRows(_ path: String) -> Diagnostic {
        Diagnostic(
            "no-rows", "\(path) holds no array of objects", hint: "expected [{\"text\": …, \"label\": …}, …]")
    }
}

/// Collects objects as rows; columns appear in the order in which they are first seen.
struct JSONTable {
    private var columns: [String] = []
    private var places: [String: Int] = [:]
    private var values: [[String]] = []

    mutating func append(_ item: JSON, place: String) throws {
        guard let object = item.object else {
            throw Diagnostic("not-an-object", "\(place) is no JSON object", hint: "expected {\"text\": …}")
        }
        var row = [String](repeating: "", count: columns.count)
        for (key, value) in object {
            if let index = places[key] {
                row[index] = Self.text(of: value)
            } else {
                places[key] = columns.count
                columns.append(key)
                row.append(Self.text(of: value))
            }
        }
        values.append(row)
    }

    func rows(source: String, notes: [String]) -> Rows {
        let filled = values.map { row in
            row.count == columns.count ? row : row + Array(repeating: "", count: columns.count - row.count)
        }
        return Rows(columns: columns, values: filled, notes: notes, source: source)
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
