import GRDB

extension HistoryQuery {
    /// Oldest first.
    func entries(in database: Database, session: HistorySession) throws -> [HistoryEntry] {
        switch self {
        case .tail(let count):
            return try Self.fetch(
                database, "ORDER BY session DESC, line DESC LIMIT ?", [max(0, count)]
            ).reversed()
        case .range(let number, let start, let stop):
            guard let wanted = try Self.session(number, current: session, in: database) else { return [] }
            let end = stop.map { $0 > 0 ? $0 : Int.max } ?? Int.max
            return try Self.fetch(
                database, "WHERE session = ? AND line >= ? AND line < ? ORDER BY line", [wanted, start, end])
        case .search(let pattern, let count, let isUnique):
            // SQLite takes the other columns from the row that has the maximum.
            let latest = isUnique ? "GROUP BY source HAVING max(session * 1000000 + line)" : ""
            return try Self.fetch(
                database, "WHERE source GLOB ? \(latest) ORDER BY session DESC, line DESC LIMIT ?",
                [pattern, count.map { max(0, $0) } ?? -1]
            ).reversed()
        }
    }

    private static func fetch(
        _ database: Database, _ condition: String, _ arguments: StatementArguments
    ) throws -> [HistoryEntry] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT session, line, source, result FROM cells \(condition)",
            arguments: arguments)
        return rows.map {
            HistoryEntry(session: $0["session"], line: $0["line"], source: $0["source"], result: $0["result"])
        }
    }

    /// A number as a client says it: positive as stored, 0 this session, negative counted back from it.
    private static func session(
        _ number: Int, current: HistorySession, in database: Database
    ) throws -> Int? {
        if number > 0 { return number }
        let newest = try Int.fetchOne(database, sql: "SELECT max(number) FROM sessions") ?? 0
        let own = current.number ?? newest + 1
        return own + number > 0 ? own + number : nil
    }
}
