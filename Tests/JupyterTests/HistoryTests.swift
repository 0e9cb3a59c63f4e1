import GRDB
import Glibc
import JSON
import Jupyter
import Logging
import Synchronization
import Testing

@Suite struct HistoryTests {
    /// A folder of its own, removed with what is in it.
    private final class Folder {
        let path: String

        init() {
            var template = Array("/tmp/lorikeet-history-XXXXXX".utf8CString)
            path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
        }

        deinit {
            for file in ["history.sqlite", "history.sqlite-journal"] { unlink("\(path)/\(file)") }
            chmod(path, 0o700)
            rmdir(path)
        }
    }

    private func kernel(
        in folder: Folder, log: any LogHandler = SwiftLogNoOpLogHandler()
    ) throws -> RunningKernel {
        var options = RunningKernel.options
        options.historyPath = folder.path + "/history.sqlite"
        return try RunningKernel(options: options, log: log)
    }

    /// Makes every cell fail to be stored after its session was, as on a disk that is just full; or no longer.
    private func fill(_ folder: Folder, isFull: Bool) throws {
        try DatabaseQueue(path: folder.path + "/history.sqlite").write { database in
            try database.execute(
                sql: isFull
                    ? """
                    CREATE TRIGGER full BEFORE INSERT ON cells
                    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                    """
                    : "DROP TRIGGER full")
        }
    }

    /// Keeps what is warned of.
    private struct Warnings: LogHandler {
        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }
        let lines = Lines()
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.warning
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) { lines.all.withLock { $0.append("\(event.message)") } }
    }

    private func ask(_ client: Client, _ content: JSON) throws -> JSON? {
        try client.ask("history_request", content).content["history"]
    }

    @Test func tailRangeAndSearchFindWhatWasRun() throws {
        let folder = Folder()
        let first = try kernel(in: folder)
        let old = try first.client()
        for cell in ["value 1", "echo old"] { _ = try old.execute(cell) }
        #expect(try ask(old, ["hist_access_type": "tail", "n": 9])?.array?.count == 2)
        let second = try kernel(in: folder)
        let client = try second.client()
        for cell in ["value 2", "value 1", "echo [x]"] { _ = try client.execute(cell) }

        #expect(
            try ask(client, ["hist_access_type": "tail", "n": 4])
                == [[1, 2, "echo old"], [2, 1, "value 2"], [2, 2, "value 1"], [2, 3, "echo [x]"]])
        #expect(
            try ask(client, ["hist_access_type": "tail", "n": 2, "output": true])
                == [[2, 2, ["value 1", "1"]], [2, 3, ["echo [x]", nil]]])
        #expect(
            try ask(client, ["hist_access_type": "range", "session": 1, "start": 1, "stop": 2])
                == [[1, 1, "value 1"]])
        #expect(
            try ask(client, ["hist_access_type": "range", "session": 0, "start": 2])
                == [[2, 2, "value 1"], [2, 3, "echo [x]"]])
        #expect(
            try ask(client, ["hist_access_type": "range", "session": -1, "start": 2, "stop": nil])
                == [[1, 2, "echo old"]])
        #expect(
            try ask(client, ["hist_access_type": "search", "pattern": "value ?"])
                == [[1, 1, "value 1"], [2, 1, "value 2"], [2, 2, "value 1"]])
        #expect(
            try ask(client, ["hist_access_type": "search", "pattern": "value*", "unique": true])
                == [[2, 1, "value 2"], [2, 2, "value 1"]])
        #expect(
            try ask(client, ["hist_access_type": "search", "pattern": "*", "n": 1]) == [
                [2, 3, "echo [x]"]
            ])
        #expect(try ask(client, ["hist_access_type": "search", "pattern": "nothing"]) == [])
    }

    @Test func kernelsShareOneFileAtOnce() throws {
        let folder = Folder()
        let kernels = try (0..<3).map { _ in try kernel(in: folder) }
        let clients = try kernels.map { try $0.client() }
        for round in 0..<20 {
            let ids = clients.map { $0.sendCell("value \(round)") }
            for (client, id) in zip(clients, ids) { _ = try client.outputs(of: id) }
        }
        for client in clients { _ = try ask(client, ["hist_access_type": "tail", "n": 1]) }
        let all = try ask(clients[0], ["hist_access_type": "search", "pattern": "value *"])
        #expect(all?.array?.count == 60)
    }

    @Test func afterAFullDiskNoKernelTakesAnothersSession() throws {
        let folder = Folder()
        _ = try kernel(in: folder).client().execute("echo earlier")
        let kernels = try (0..<2).map { _ in try kernel(in: folder) }
        let clients = try kernels.map { try $0.client() }
        // Each asks once, so that both have the file open.
        for client in clients { _ = try ask(client, ["hist_access_type": "tail", "n": 1]) }
        try fill(folder, isFull: true)
        _ = try clients[0].execute("value a1")
        _ = try ask(clients[0], ["hist_access_type": "tail", "n": 1])
        try fill(folder, isFull: false)
        for cell in ["value b1", "value b2"] { _ = try clients[1].execute(cell) }
        _ = try ask(clients[1], ["hist_access_type": "tail", "n": 1])
        _ = try clients[0].execute("value a2")
        #expect(
            try ask(clients[0], ["hist_access_type": "search", "pattern": "value *"])
                == [[2, 1, "value b1"], [2, 2, "value b2"], [3, 1, "value a1"], [3, 2, "value a2"]])
    }

    @Test func cellsUnderOurNumberThatAreNotOursStay() throws {
        let folder = Folder()
        let client = try kernel(in: folder).client()
        func last() throws -> JSON? { try ask(client, ["hist_access_type": "tail", "n": 9]) }
        _ = try client.execute("value 1")
        _ = try last()
        try DatabaseQueue(path: folder.path + "/history.sqlite").write {
            try $0.execute(sql: "INSERT INTO cells VALUES (1, 2, 'another', NULL)")
        }
        _ = try client.execute("value 2")
        #expect(try last() == [[1, 1, "value 1"], [1, 2, "another"], [2, 2, "value 2"]])
    }

    @Test func aFullDiskWarnsOnce() throws {
        let folder = Folder()
        let warnings = Warnings()
        let client = try kernel(in: folder, log: warnings).client()
        func run(_ cells: [String]) throws {
            for cell in cells { _ = try client.execute(cell) }
            _ = try ask(client, ["hist_access_type": "tail", "n": 1])
        }
        try run(["value 1"])
        try fill(folder, isFull: true)
        try run(["value 2", "value 3", "value 4"])
        #expect(warnings.lines.all.withLock { $0.count } == 1)
        #expect(warnings.lines.all.withLock { $0.first }?.contains("disk is full") == true)
        try fill(folder, isFull: false)
        try run(["value 5"])
        #expect(
            try ask(client, ["hist_access_type": "range", "session": 0])
                == .array((1...5).map { [1, .integer($0), .string("value \($0)")] }))
        try fill(folder, isFull: true)
        try run(["value 6"])
        #expect(warnings.lines.all.withLock { $0.count } == 2)
    }

    @Test func aFolderThatCannotBeWrittenIsTolerated() throws {
        var options = RunningKernel.options
        options.historyPath = "/proc/nowhere/history.sqlite"
        let kernel = try RunningKernel(options: options)
        let client = try kernel.client()
        _ = try client.execute("value 1")
        #expect(try ask(client, ["hist_access_type": "tail", "n": 5]) == [[1, 1, "value 1"]])
    }
}
