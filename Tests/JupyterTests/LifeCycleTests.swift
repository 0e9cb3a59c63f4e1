import JSON
import Jupyter
import Testing

@Suite struct LifeCycleTests {
    @Test func kernelInfoIsAnsweredWhileACellRuns() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        #expect(try client.ask("kernel_info_request", on: .control).status == "ok")
        #expect(try client.ask("kernel_info_request", on: .shell).status == "ok")
        client.send("interrupt_request", on: .control)
        #expect(try client.reply(to: id).content["ename"] == "Interrupted")
    }

    @Test func theRunningCellsBusyIsTheLastWord() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        let info = client.send("kernel_info_request", on: .control)
        #expect(try client.outputs(of: info).count == 2)
        let again = try client.receive(on: .iopub)
        #expect(again.parentID == id)
        #expect(again.content["execution_state"] == "busy")
        client.send("interrupt_request", on: .control)
        _ = try client.outputs(of: id)
    }

    @Test func anInterruptLeavesTheKernelWell() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        #expect(try client.ask("interrupt_request", on: .control).content == ["status": "ok"])
        #expect(try client.reply(to: id).status == "error")
        #expect(try client.outputs(of: id).filter { $0.type == "error" }.count == 1)
        #expect(try client.execute("value on").reply.content["execution_count"] == 2)
    }

    /// Runners of notebooks go by the reply; a person reads the outputs, which say already that it was stopped.
    @Test func aStopThatIsSaidIsAnErrorOfTheReplyAlone() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("spin calmly")
        while try client.receive(on: .iopub).type != "execute_input" {}
        _ = try client.ask("interrupt_request", on: .control)
        let reply = try client.reply(to: id)
        #expect(reply.status == "error" && reply.content["ename"] == "Interrupted")
        #expect(try client.outputs(of: id).filter { $0.type == "error" }.isEmpty)
    }

    /// Notebooks name their cells, runners of notebooks take no input.
    @Test(arguments: [(true, true, "in place"), (false, false, "in place"), (true, false, "line by line")])
    func aConsoleIsToldLineByLine(takesInput: Bool, isNamed: Bool, way: String) throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let content: JSON = ["code": "live", "silent": false, "allow_stdin": .bool(takesInput)]
        let id = client.send("execute_request", content, metadata: isNamed ? ["cellId": "a"] : [:])
        let result = try client.outputs(of: id).first { $0.type == "execute_result" }
        #expect(result?.content["data"]?["text/plain"]?.string == way)
    }

    /// Behind the prompt of its result a console would break the words of a longer line.
    @Test func aConsoleGetsSentencesInLines() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let sentence = Array(repeating: "word", count: 14).joined(separator: " ")
        for (code, lines) in [
            ("tell \(sentence) and", [sentence, "and"]), ("value \(sentence) and", ["\(sentence) and"]),
        ] {
            let id = client.send(
                "execute_request", ["code": .string(code), "silent": false, "allow_stdin": true])
            let result = try client.outputs(of: id).first { $0.type == "execute_result" }
            #expect(
                result?.content["data"]?["text/plain"]?.string?.split(separator: "\n").map { String($0) }
                    == lines)
        }
    }

    @Test func anErrorAbortsWhatWaits() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        var ids = [client.sendCell("ask go on?\nfail", ["allow_stdin": true])]
        let question = try client.receive(on: .stdin)
        ids += ["echo 1", "echo 2"].map { client.sendCell($0) }
        let info = client.send("is_complete_request", ["code": "echo"])
        // Asked after them and answered at once: they have arrived, and wait.
        #expect(try client.ask("kernel_info_request").status == "ok")
        client.send("input_reply", ["value": "yes"], on: .stdin, parent: question.header)
        let replies = try ids.map { try client.reply(to: $0) }
        #expect(replies.map(\.status) == ["error", "error", "error"])
        for reply in replies.dropFirst() {
            #expect(reply.content["ename"] == "Aborted")
            #expect(reply.content["evalue"]?.string?.isEmpty == false)
            #expect(reply.content["traceback"] == [])
            #expect(reply.content["execution_count"]?.integer != nil)
        }
        #expect(try client.reply(to: info).content["status"] == "complete")
        let told = try ids.map { try client.outputs(of: $0).map(\.type).filter { $0 != "status" } }
        #expect(told == [["execute_input", "error"], [], []])
        #expect(try client.execute("value fresh").reply.status == "ok")
    }

    @Test func withoutStopOnErrorTheQueueGoesOn() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let ids = [client.sendCell("fail", ["stop_on_error": false]), client.sendCell("echo on")]
        #expect(try ids.map { try client.reply(to: $0).status } == ["error", "ok"])
    }

    @Test func queuedCellsAreToldOneByOne() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let ids = (0..<50).map { client.sendCell("echo \($0)\nvalue \($0)") }
        var told: [String] = []
        while told.filter({ $0 == "idle \(ids[49])" }).isEmpty {
            let message = try client.receive(on: .iopub)
            let parent = message.parentID ?? ""
            if message.content["execution_state"] == "idle" { told.append("idle \(parent)") }
            if message.content["execution_state"] == "busy" { told.append("busy \(parent)") }
        }
        #expect(told == ids.flatMap { ["busy \($0)", "idle \($0)"] })
    }

    @Test func shutdownIsAnsweredAndEndsTheServerAlsoInACell() async throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        _ = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        let id = client.send("shutdown_request", ["restart": true], on: .control)
        #expect(try client.reply(to: id, on: .control).content == ["status": "ok", "restart": true])
        #expect(try client.outputs(of: id).map(\.type) == ["status", "shutdown_reply", "status"])
        #expect(kernel.waitForEnd() == .shutdown(restart: true))
    }

    @Test func theHeartbeatIsAnEcho() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        for beat in [["ping"], ["", "two"], [""]] {
            client.send(beat.map { Array($0.utf8) }, on: .heartbeat)
            #expect(
                client.receiveFrames(on: .heartbeat)?.map { String(decoding: $0, as: UTF8.self) } == beat)
        }
    }

    @Test func everySubscriberIsWelcomed() throws {
        let kernel = try RunningKernel()
        for _ in 0..<3 {
            let client = try Client(kernel.connection)
            let welcome = try client.receive(on: .iopub)
            #expect(welcome.type == "iopub_welcome")
            #expect(welcome.content == ["subscription": ""])
            #expect(welcome.parent == [:])
        }
    }

    @Test func whatOnlyLooksNeedNotWaitForALongCell() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("spin")
        while try client.receive(on: .iopub).type != "execute_input" {}
        #expect(
            try client.ask("complete_request", ["code": "ec", "cursor_pos": 2]).content["matches"] == ["echo"]
        )
        #expect(
            try client.ask("inspect_request", ["code": "echo", "cursor_pos": 2]).content["found"] == true)
        #expect(try client.ask("history_request", ["hist_access_type": "tail", "n": 1]).status == "ok")
        #expect(try client.ask("comm_info_request").status == "ok")
        client.send("interrupt_request", on: .control)
        #expect(try client.reply(to: id).status == "error")
    }

    @Test func subshellsHaveALimit() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let made = try (0..<70).map { _ in try client.ask("create_subshell_request", on: .control).status }
        #expect(made.filter { $0 == "ok" }.count == 64)
        #expect(made.last == "error")
    }
}
