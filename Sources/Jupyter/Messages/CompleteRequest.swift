import JSON

extension RequestHandler {
    /// What could stand at the cursor, which counts Unicode scalars.
    static let complete = RequestHandler("complete_request", .beside) { request in
        let source = request.content["code"]?.string ?? ""
        let cursor = cursorPosition(of: request.content, in: source)
        let found = request.kernel.interpreter.complete(source, at: cursor)
        let types = found.items.map { item -> JSON in
            var entry: JSONObject = [
                "start": .integer(found.start), "end": .integer(found.end), "text": .string(item.text),
                "type": .string(item.note.isEmpty ? item.kind : unbroken(item.note)),
            ]
            entry["signature"] = item.signature.map { .string($0) }
            return .object(entry)
        }
        return Answer([
            "status": "ok",
            "matches": .array(found.items.map { .string($0.text) }),
            "cursor_start": .integer(found.start),
            "cursor_end": .integer(found.end),
            "metadata": ["_jupyter_types_experimental": .array(types)],
        ])
    }
}

/// On one line in JupyterLab's completer, which breaks a type that has blanks into a column of words.
private func unbroken(_ text: String) -> String {
    text.replacing(" ", with: "\u{A0}").replacing("-", with: "\u{2011}")
}

/// The cursor of a request, kept inside the source; its end when none is given.
func cursorPosition(of content: JSON, in source: String) -> Int {
    let end = source.unicodeScalars.count
    return min(max(content["cursor_pos"]?.integer ?? end, 0), end)
}
