import JSON
import Jupyter
import Testing

@Suite struct TranscriptTests {
    private let client: Client

    init() throws {
        client = try RunningKernel().client()
    }

    private func start(_ code: String, in cell: String) -> String {
        client.send("execute_request", ["code": .string(code)], metadata: ["cellId": .string(cell)])
    }

    /// What a page that has just been loaded is told.
    private func recalled(since time: Double? = 0) throws -> JSON {
        let since: JSON = time.map { ["since": .number($0)] } ?? [:]
        let content: JSON = ["comm_id": "live", "target_name": "lorikeet.live", "data": since]
        let outputs = try client.outputs(of: client.send("comm_open", content))
        let answer = try #require(outputs.first { $0.type == "comm_close" })
        #expect(answer.content["comm_id"] == "live")
        return try #require(answer.content["data"])
    }

    private func shown(_ cell: JSON?) -> [JSON] { cell?["messages"]?.array ?? [] }

    @Test func aRunningCellIsRecalledWithWhatItShowedLast() throws {
        let id = start("display d first\necho a\necho b\nupdate d second\nspin", in: "one")
        while try client.receive(on: .iopub).type != "update_display_data" {}
        let cell = try recalled(since: nil)["cells"]?[0]
        #expect(cell?["cell_id"] == "one")
        #expect(cell?["msg_id"]?.string == id)
        #expect(cell?["ended"] == false)
        #expect(cell?["execution_count"] == 1)
        try #require(shown(cell).map { $0["msg_type"] } == ["display_data", "stream"])
        #expect(shown(cell)[0]["content"]?["data"] == ["text/plain": "d second"])
        #expect(shown(cell)[0]["content"]?["transient"] == ["display_id": "d"])
        #expect(shown(cell)[1]["content"] == ["name": "stdout", "text": "a\nb\n"])
        _ = try client.ask("interrupt_request", on: .control)
        #expect(try client.reply(to: id).status == "error")
    }

    @Test func cellsThatEndedAreRecalledToWhoSawLessThanThat() throws {
        _ = try client.outputs(of: start("value 1", in: "one"))
        let first = try recalled()
        #expect(first["cells"]?[0]?["ended"] == true)
        #expect(shown(first["cells"]?[0]).map { $0["msg_type"] } == ["execute_result"])
        #expect(try recalled(since: first["now"]?.number)["cells"] == [])
        #expect(try recalled(since: nil)["cells"] == [])
    }

    @Test func aCellThatRunsAgainStandsForItself() throws {
        _ = try client.outputs(of: start("echo old", in: "one"))
        _ = try client.outputs(of: start("echo lost\nclear\necho new", in: "one"))
        let cells = try recalled()["cells"]
        #expect(cells?.array?.count == 1)
        #expect(shown(cells?[0]).map { $0["content"]?["text"] } == ["new\n"])
    }

    @Test func whatNoNotebookAskedForIsNotKept() throws {
        _ = try client.execute("echo a")
        #expect(try recalled()["cells"] == [])
    }

    @Test func onlySoMuchIsKept() throws {
        _ = try client.outputs(of: start("flood 150000", in: "one"))
        _ = try client.outputs(of: start("flood 200000", in: "two"))
        let cells = try recalled()["cells"]
        #expect(cells?.array?.map { $0["cell_id"] } == ["two"])
        _ = try client.outputs(of: start("flood 400000", in: "three"))
        #expect(try recalled()["cells"] == [])
    }

    @Test func cellsThatShowLittleAreNotKeptForeverEither() throws {
        let code = "echo a" + String(repeating: "\n", count: 700_000)
        for cell in ["one", "two", "three", "four"] { _ = try client.outputs(of: start(code, in: cell)) }
        #expect(try recalled()["cells"]?.array?.map { $0["cell_id"] } == ["three", "four"])
    }
}
