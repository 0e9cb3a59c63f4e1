/// Which earlier cells are wanted.
enum HistoryQuery: Sendable, Equatable {
    /// The last so many, of every session.
    case tail(Int)
    /// Lines `start ..< stop` of a session; 0 is this one, -1 the one before it.
    case range(session: Int, start: Int, stop: Int?)
    /// Those that match an SQLite GLOB, the last `count` of them.
    case search(pattern: String, count: Int?, isUnique: Bool)
}

/// One cell of the history.
struct HistoryEntry: Sendable, Equatable {
    var session: Int
    var line: Int
    var source: String
    /// Its result as plain text, if it had one.
    var result: String?
}
