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
            return try JSON(parsingData: text)
        } catch let diagnostic as Diagnostic {
            throw Diagnostic(
                "bad-json-line", "line \(line) of \(path) is \(diagnostic.message)",
                hint: diagnostic.hintOnJSON ?? "every line of a jsonl file is one JSON object")
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
            document = try JSON(parsingData: text)
        } catch let diagnostic as Diagnostic {
            // Many files called .json hold one object a line.
            if text.first == "{" {
                do {
                    return try JSONLines().rows(at: path, in: context)
                } catch is Diagnostic {
                    // Neither: what is said is of the file as its ending has it.
                }
            }
            throw Diagnostic(
                "bad-json", "\(path) is \(diagnostic.message)",
                hint: diagnostic.hintOnJSON
                    ?? "a .json file is one array of objects, a .jsonl file one object a line")
        }
        var notes = file.notes
        if let parts = try parts(of: document, path, context) { return parts.noting(notes) }
        var table = JSONTable()
        for (index, item) in try items(of: document, path, &notes).enumerated() {
            if index.isMultiple(of: 1024) { try context.interruption.check() }
            try table.append(item, place: "item \(index + 1) of \(path)")
        }
        return table.rows(source: path, notes: notes)
    }

    /// An object of arrays that are called as parts are: `{"train": […], "test": […]}`.
    private func parts(of document: JSON, _ path: String, _ context: LoadContext) throws -> Rows? {
        guard let object = document.object, !object.isEmpty,
            object.allSatisfy({ Split(named: $0) != nil && $1.array?.first?.object != nil })
        else { return nil }
        var rows = Rows(columns: [])
        for (key, value) in object {
            var table = JSONTable()
            for (index, item) in (value.array ?? []).enumerated() {
                if index.isMultiple(of: 1024) { try context.interruption.check() }
                try table.append(item, place: "item \(index + 1) of \(key) in \(path)")
            }
            var part = table.rows(source: path, notes: [])
            part.splits = Array(repeating: Split(named: key), count: part.values.count)
            rows.append(part)
        }
        rows.source = path
        return rows
    }

    private func items(of document: JSON, _ path: String, _ notes: inout [Remark]) throws -> [JSON] {
        if let items = document.array { return items }
        guard let object = document.object else { throw noRows(path) }
        let arrays = object.compactMap { key, value in value.array.map { (key, $0) } }
        if arrays.count == object.count, let count = arrays.first?.1.count, arrays.count > 1,
            arrays.allSatisfy({ $0.1.count == count })
        {
            return (0..<count).map { row in .object(JSONObject(arrays.map { ($0.0, $0.1[row]) })) }
        }
        let ofObjects = arrays.filter { $0.1.first?.object != nil }
        if ofObjects.count == 1 {
            let others = object.keys.filter { $0 != ofObjects[0].0 }.prefix(5).map(\.forMessages)
            if !others.isEmpty {
                notes.append(
                    "the rows are in \(ofObjects[0].0.forMessages); not used beside it: \(others.joined(separator: ", "))"
                )
            }
            return ofObjects[0].1
        }
        if arrays.isEmpty, !object.isEmpty { return [document] }
        throw noRows(path)
    }

    private func noRows(_ path: String) -> Diagnostic {
        Diagnostic(
            "no-rows", "\(path) holds no array of objects", hint: "expected [{\"text\": …, \"label\": …}, …]")
    }
}
