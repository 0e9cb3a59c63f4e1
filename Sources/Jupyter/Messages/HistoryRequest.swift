import JSON

extension RequestHandler {
    /// Earlier cells: the last ones, a range of a session, or those that match a glob.
    static let history = RequestHandler("history_request", .beside) { request in
        let content = request.content
        let query = HistoryQuery(content)
        let entries = request.kernel.history.entries(for: query, in: request.subshell.history)
        let withOutput = content["output"]?.bool ?? false
        let rows = entries.map { entry -> JSON in
            let input = JSON.string(entry.source)
            let text: JSON = withOutput ? [input, entry.result.map { .string($0) } ?? .null] : input
            return [.integer(entry.session), .integer(entry.line), text]
        }
        return Answer(["status": "ok", "history": .array(rows)])
    }
}

extension HistoryQuery {
    /// - `content`: of a history_request; what it lacks is taken as the widest.
    fileprivate init(_ content: JSON) {
        let count = content["n"]?.integer
        switch content["hist_access_type"]?.string {
        case "range":
            self = .range(
                session: content["session"]?.integer ?? 0, start: content["start"]?.integer ?? 0,
                stop: content["stop"]?.integer)
        case "search":
            self = .search(
                pattern: content["pattern"]?.string ?? "*", count: count,
                isUnique: content["unique"]?.bool ?? false)
        default: self = .tail(count ?? 1000)
        }
    }
}
