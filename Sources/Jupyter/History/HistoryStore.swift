import Diagnostics
import GRDB
import Logging
import Synchronization

/// The cells of all sessions, in an SQLite file that several kernels share.
///
/// Opened when it is first needed, so that a kernel starts fast; written after the reply, so that
/// no cell waits for the disk. Where the file cannot be written, this session's cells are kept in
/// memory.
final class HistoryStore: Sendable {
    private let path: String?
    private let logger: Logger
    private let jobs = Monitor(Jobs())
    private let database = Mutex<DatabaseQueue?>(nil)

    private struct Jobs: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var isStarted = false
        var isWorking = false
    }

    /// - `path`: nil keeps the history in memory.
    init(path: String?, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// Stores a cell soon.
    func record(_ source: String, result: String?, line: Int, in session: HistorySession) {
        enqueue { [self] in
            perform("store a cell in the history") { database in
                let number = try session.number(in: database)
                try database.execute(
                    sql: "INSERT OR REPLACE INTO cells (session, line, source, result) VALUES (?, ?, ?, ?)",
                    arguments: [number, line, source, result])
            }
        }
    }

    /// What the query finds, oldest first, the cells recorded before it included.
    func entries(for query: HistoryQuery, in session: HistorySession) -> [HistoryEntry] {
        let answer = Monitor<[HistoryEntry]?>(nil)
        enqueue { [self] in
            let found = perform("read the history") { try query.entries(in: $0, session: session) } ?? []
            answer.change { $0 = found }
        }
        return answer.wait { $0 }
    }

    /// Waits until everything recorded is stored, but not for long.
    func finish() {
        _ = jobs.wait(seconds: 0.5) { $0.waiting.isEmpty && !$0.isWorking ? true : nil }
    }

    // MARK: - The thread

    private func enqueue(_ job: @escaping @Sendable () -> Void) {
        let mustStart = jobs.change { jobs in
            jobs.waiting.append(job)
            defer { jobs.isStarted = true }
            return !jobs.isStarted
        }
        guard mustStart else { return }
        Thread("history", stack: 1 << 20) { [jobs] in
            while true {
                let job = jobs.wait { jobs -> (@Sendable () -> Void)? in
                    guard !jobs.waiting.isEmpty else { return nil }
                    jobs.isWorking = true
                    return jobs.waiting.removeFirst()
                }
                job()
                jobs.change { $0.isWorking = false }
            }
        }.detach()
    }

    // MARK: - The database

    private func perform<Result>(_ what: String, _ body: (Database) throws -> Result) -> Result? {
        do {
            return try opened().write(body)
        } catch {
            logger.warning("cannot \(what): \(error)")
            return nil
        }
    }

    private func opened() throws -> DatabaseQueue {
        try database.withLock { database in
            if let database { return database }
            let made = try open()
            database = made
            return made
        }
    }

    private func open() throws -> DatabaseQueue {
        if let path {
            do {
                if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash]), mode: 0o700) }
                return try prepared(DatabaseQueue(path: path, configuration: configuration))
            } catch {
                logger.warning(
                    "the history at \(path) cannot be used, this session's is kept in memory: \(error)")
            }
        }
        return try prepared(DatabaseQueue(configuration: configuration))
    }

    /// Kernels wait for one another's short writes.
    private var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        return configuration
    }

    private func prepared(_ queue: DatabaseQueue) throws -> DatabaseQueue {
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS sessions (number INTEGER PRIMARY KEY AUTOINCREMENT, started REAL);
                    CREATE TABLE IF NOT EXISTS cells (
                        session INTEGER NOT NULL, line INTEGER NOT NULL, source TEXT NOT NULL, result TEXT,
                        PRIMARY KEY (session, line)) WITHOUT ROWID;
                    """)
        }
        return queue
    }
}

/// The sessions' numbers: taken from the database when the first cell is stored.
final class HistorySession: Sendable {
    private let assigned = Mutex<Int64?>(nil)

    func number(in database: Database) throws -> Int64 {
        if let number = assigned.withLock({ $0 }) { return number }
        try database.execute(
            sql: "INSERT INTO sessions (started) VALUES (?)", arguments: [wallClockSeconds()])
        let number = database.lastInsertedRowID
        assigned.withLock { $0 = number }
        return number
    }

    /// nil before the first cell.
    var number: Int? { assigned.withLock { $0.map { Int($0) } } }
}
