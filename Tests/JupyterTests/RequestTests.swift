import JSON
import Jupyter
import Testing

@Suite struct RequestTests {
    @Test func kernelInfoHasEveryRequiredField() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        for channel in [Client.Channel.shell, .control] {
            let content = try client.ask("kernel_info_request", on: channel).content
            #expect(content["status"] == "ok")
            #expect(content["protocol_version"] == "5.5")
            #expect(content["supported_features"] == ["kernel subshells"])
            #expect(content["language_info"]?["name"] == "small")
            #expect(content["language_info"]?["file_extension"] == ".sm")
            #expect(content["help_links"]?[0]?["url"] == "https://example.org")
            #expect(content["banner"] == "Small")
        }
    }

    @Test func ourOwnSessionAndVersionStandInHeaders() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.send("kernel_info_request")
        let reply = try client.reply(to: id)
        #expect(reply.header["session"] != .string(client.session))
        #expect(reply.header["version"] == "5.5")
        #expect(reply.parent["session"] == .string(client.session))
        #expect(try client.outputs(of: id).map { $0.content["execution_state"] } == ["busy", "idle"])
    }

    @Test func aCellGoesFromBusyToIdle() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let (reply, outputs) = try client.execute("echo hello\nwarn careful\nvalue 42")
        #expect(
            outputs.map(\.type) == [
                "status", "execute_input", "stream", "stream", "execute_result", "status",
            ])
        #expect(
            outputs[1].content == ["code": "echo hello\nwarn careful\nvalue 42", "execution_count": 1])
        #expect(outputs[2].content == ["name": "stdout", "text": "hello\n"])
        #expect(outputs[3].content == ["name": "stderr", "text": "careful\n"])
        #expect(outputs[4].content["data"] == ["text/plain": "42"])
        #expect(reply.status == "ok")
        #expect(reply.content["execution_count"] == 1)
    }

    @Test func aFailingCellSendsExactlyOneError() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let (reply, outputs) = try client.execute("fail")
        #expect(outputs.filter { $0.type == "error" }.count == 1)
        #expect(reply.status == "error")
        #expect(reply.content["ename"] == "failed")
        #expect(reply.content["traceback"] == ["failed: as asked", "hint: ask for less"])
        #expect(reply.content["execution_count"] == 1)
    }

    @Test func silentCellsLeaveNoTrace() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let silent = try client.execute("echo x\nvalue 1", ["silent": true])
        #expect(silent.outputs.map(\.type) == ["status", "status"])
        #expect(silent.reply.content["execution_count"] == 0)
        let unstored = try client.execute("value 2", ["store_history": false])
        #expect(unstored.outputs.contains { $0.type == "execute_result" })
        #expect(try client.execute("value 3").reply.content["execution_count"] == 1)
        let history = try client.ask("history_request", ["hist_access_type": "tail", "n": 10])
        #expect(history.content["history"] == [[1, 1, "value 3"]])
    }

    @Test func userExpressionsAreAnsweredOneByOne() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let asked: JSON = ["good": "$loss", "bad": "loss"]
        let answers = try client.execute("", ["user_expressions": asked]).reply.content[
            "user_expressions"]
        #expect(answers?["good"]?["data"] == ["text/plain": "loss"])
        #expect(answers?["good"]?["status"] == "ok")
        #expect(answers?["bad"]?["status"] == "error")
        #expect(answers?["bad"]?["ename"] == "no-variable")
    }

    @Test func aPageTravelsInThePayload() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let payload = try client.execute("page long help").reply.content["payload"]
        #expect(payload == [["source": "page", "data": ["text/plain": "long help"], "start": 0]])
    }

    @Test func completionCountsCodePoints() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        // A family of four is one grapheme, seven scalars and eleven UTF-16 units.
        let content = try client.ask(
            "complete_request", ["code": "👨‍👩‍👧‍👦 ec rest", "cursor_pos": 10]
        ).content
        #expect(content["matches"] == ["echo"])
        #expect(content["cursor_start"] == 8)
        #expect(content["cursor_end"] == 10)
        let types = content["metadata"]?["_jupyter_types_experimental"]
        #expect(types == [["start": 8, "end": 10, "text": "echo", "type": "verb"]])
    }

    @Test func inspectionKnowsDetailLevels() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        func inspect(_ code: String, _ detail: Int) throws -> JSON {
            try client.ask(
                "inspect_request",
                ["code": .string(code), "cursor_pos": 2, "detail_level": .integer(detail)]
            ).content
        }
        #expect(try inspect("echo", 0)["data"] == ["text/plain": "echo"])
        #expect(try inspect("echo", 1)["data"] == ["text/plain": "echo: says it again"])
        #expect(
            try inspect("nothing", 0) == ["status": "ok", "found": false, "data": [:], "metadata": [:]])
    }

    @Test func isCompleteTellsTheIndent() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        func ask(_ code: JSON) throws -> JSON {
            try client.ask("is_complete_request", ["code": code]).content
        }
        #expect(try ask("echo") == ["status": "complete"])
        #expect(try ask("echo \\") == ["status": "incomplete", "indent": "  "])
        #expect(try ask("what?") == ["status": "invalid"])
    }

    @Test func connectTellsThePorts() throws {
        let kernel = try RunningKernel()
        let content = try kernel.client().ask("connect_request").content
        #expect(content["shell_port"] == .integer(kernel.connection.ports.shell))
    }

    @Test func unknownMessagesAndFieldsAreTolerated() throws {
        let kernel = try RunningKernel(["key": "secret", "from_the_future": [1, 2]])
        let client = try kernel.client()
        client.send("strange_request")
        client.send("execute_request", ["no_code": true])
        let reply = try client.ask("kernel_info_request", ["more": 1], header: ["extra": [:]])
        #expect(reply.status == "ok")
    }

    @Test func usageTellsMemoryAndProcessor() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let usage = try client.ask("usage_request", on: .control).content
        #expect(usage["kernel_memory"]?.integer ?? 0 > 1 << 20)
        #expect(usage["cpu_count"]?.integer ?? 0 > 0)
        #expect(usage["kernel_cpu"]?.number ?? -1 >= 0)
    }
}
