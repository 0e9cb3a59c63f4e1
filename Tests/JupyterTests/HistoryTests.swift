import Glibc
import JSON
import Jupyter
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

    private func kernel(in folder: Folder) throws -> RunningKernel {
        var options = RunningKernel.options
        options.historyPath = folder.path + "/history.sqlite"
        return try RunningKernel(options: options)
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

    @Test func aFolderThatCannotBeWrittenIsTolerated() throws {
        var options = RunningKernel.options
        options.historyPath = "/proc/nowhere/history.sqlite"
        let kernel = try RunningKernel(options: options)
        let client = try kernel.client()
        _ = try client.execute("value 1")
        #expect(try ask(client, ["hist_access_type": "tail", "n": 5]) == [[1, 1, "value 1"]])
    }
}
