import JSON
import Jupyter
import Testing

@Suite struct SubshellTests {
    private func create(_ client: Client) throws -> String {
        try client.ask("create_subshell_request", on: .control).content["subshell_id"]?.string ?? ""
    }

    @Test func aSubshellRunsBesideABusyShell() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = try create(client)
        let busy = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        let beside = client.sendCell("value beside", header: ["subshell_id": .string(id)])
        let reply = try client.reply(to: beside)
        #expect(reply.status == "ok")
        #expect(reply.content["execution_count"] == 1)
        #expect(reply.parent["subshell_id"] == .string(id))
        client.send("interrupt_request", on: .control)
        #expect(try client.reply(to: busy).status == "error")
    }

    @Test func subshellsAreListedAndDeleted() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let ids = [try create(client), try create(client)]
        let list = try client.ask("list_subshell_request", on: .control)
        #expect(list.content["subshell_id"]?.array?.compactMap(\.string) == ids)
        let gone = try client.ask("delete_subshell_request", on: .control, subshell: ids[0])
        #expect(gone.content == ["status": "ok"])
        let again = try client.ask("delete_subshell_request", on: .control, subshell: ids[0])
        #expect(again.status == "error")
        let left = try client.ask("list_subshell_request", on: .control)
        #expect(left.content["subshell_id"] == [.string(ids[1])])
    }

    @Test func anUnknownSubshellIsAnErrorWithBusyAndIdle() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("echo x", header: ["subshell_id": "nowhere"])
        let reply = try client.reply(to: id)
        #expect(reply.type == "execute_reply")
        #expect(reply.status == "error")
        #expect(try client.outputs(of: id).map(\.type) == ["status", "status"])
    }
}

extension Client {
    fileprivate func ask(_ type: String, on channel: Channel, subshell: String) throws -> Reply {
        try ask(type, ["subshell_id": .string(subshell)], on: channel)
    }
}
