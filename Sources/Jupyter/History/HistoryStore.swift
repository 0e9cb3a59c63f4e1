import Diagnostics
import GRDB
import Logging
import Synchronization
import System

/// The cells of all sessions, in an SQLite file that several kernels share.
///
/// Opened when it is first needed, so that a kernel starts fast; written after the reply, so that
/// no cell waits for the disk. Where the file cannot be opened, this session's cells are kept in
/// memory; where one cannot be stored, as on a full disk, it waits for the next.
final class HistoryStore: Sendable {
    private let path: String?
    private let logger: Logger
    private let jobs = Monitor(Jobs())
    private let database = Mutex<DatabaseQueue?>(nil)
    private let unstored = Mutex(Unstored())

    private struct Jobs: Sendable {
        var waiting: [@Sendable () -> Void] = []
        var isStarted = false
        var isWorking = false
    }

    /// The cells that have yet to be stored, oldest first.
    private struct Unstored: Sendable {
        var cells: [Cell] = []
        /// The user knows why.
        var isReported = false
    }

    private struct Cell: Sendable {
        let source: String
        let result: String?
        let line: Int
        let session: HistorySession
    }

    /// - `path`: nil keeps the history in memory.
    init(path: String?, logger: Logger) {
        self.path = path
        self.logger = logger
    }

    /// Stores a cell soon.
    func record(_ source: String, result: String?, line: Int, in session: HistorySession) {
        let cell = Cell(source: source, result: result, line: line, session: session)
        enqueue { [self] in
            unstored.withLock { $0.cells.append(cell) }
            storeAll()
        }
    }

    /// What the query finds, oldest first, the cells recorded before it included.
    func entries(for query: HistoryQuery, in session: HistorySession) -> [HistoryEntry] {
        let answer = Monitor<[HistoryEntry]?>(nil)
        enqueue { [self] in
            storeAll()
            let found = entriesStored(for: query, in: session)
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
        PlainThread("history", stack: 1 << 20) { [jobs] in
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

    /// Each cell in a transaction of its own, until one fails.
    private func storeAll() {
        while let cell = unstored.withLock({ $0.cells.first }) {
            do {
                try store(cell)
                unstored.withLock {
                    $0.cells.removeFirst()
                    $0.isReported = false
                }
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY
            {
                // Somebody else has written under our number: theirs stays, ours goes on under a new one.
                cell.session.number = nil
            } catch {
                let isKnown = unstored.withLock { state in
                    defer { state.isReported = true }
                    return state.isReported
                }
                if !isKnown {
                    logger.warning("the history cannot be stored, and is kept in memory: \(error)")
                }
                return
            }
        }
    }

    /// A session gets its number with the first cell that is stored, and only once it is: a number of a
    /// transaction that was undone is given to another kernel.
    private func store(_ cell: Cell) throws {
        let number = try opened().write { database in
            let number = try cell.session.number ?? Self.newSession(in: database)
            try database.execute(
                sql: "INSERT INTO cells (session, line, source, result) VALUES (?, ?, ?, ?)",
                arguments: [number, cell.line, cell.source, cell.result])
            return number
        }
        cell.session.number = number
    }

    /// Above every number that a cell bears, also one whose session was never stored.
    private static func newSession(in database: Database) throws -> Int {
        try database.execute(
            sql: """
                INSERT INTO sessions (number, started) SELECT 1 + max(
                    coalesce((SELECT max(number) FROM sessions), 0),
                    coalesce((SELECT max(session) FROM cells), 0)), ?
                """, arguments: [wallClockSeconds()])
        return Int(database.lastInsertedRowID)
    }

    private func entriesStored(for query: HistoryQuery, in session: HistorySession) -> [HistoryEntry] {
        do {
            return try opened().read { try query.entries(in: $0, session: session) }
        } catch {
            logger.warning("cannot read the history: \(error)")
            return []
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

/// The cells of one subshell.
final class HistorySession: Sendable {
    private let assigned = Mutex<Int?>(nil)

    /// nil before the first cell is stored.
    var number: Int? {
        get { assigned.withLock { $0 } }
        set { assigned.withLock { $0 = newValue } }
    }
}
