import JSON

extension RequestHandler {
    /// What is known about the word at the cursor.
    static let inspect = RequestHandler("inspect_request", .beside) { request in
        let source = request.content["code"]?.string ?? ""
        let cursor = cursorPosition(of: request.content, in: source)
        let detail = request.content["detail_level"]?.integer == 1 ? 1 : 0
        let found = request.kernel.interpreter.inspect(source, at: cursor, detail: detail)
        return Answer([
            "status": "ok", "found": .bool(found != nil),
            "data": .object(found?.data ?? [:]), "metadata": .object(found?.metadata ?? [:]),
        ])
    }
}
