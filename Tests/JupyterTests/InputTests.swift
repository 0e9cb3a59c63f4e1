import JSON
import Jupyter
import Testing

@Suite struct InputTests {
    @Test func aQuestionIsAnswered() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        for (word, isPassword) in [("ask", false), ("secret", true)] {
            let id = client.sendCell("\(word) your name?", ["allow_stdin": true])
            let question = try client.receive(on: .stdin)
            #expect(question.type == "input_request")
            #expect(question.content == ["prompt": "your name?", "password": .bool(isPassword)])
            #expect(question.parentID == id)
            client.send("input_reply", ["value": "Lory"], on: .stdin, parent: question.header)
            #expect(try client.reply(to: id).status == "ok")
            let result = try client.outputs(of: id).first { $0.type == "execute_result" }
            #expect(result?.content["data"] == ["text/plain": "Lory"])
        }
    }

    @Test func anAnswerWithoutAParentIsTaken() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("ask now")
        _ = try client.receive(on: .stdin)
        client.send("input_reply", ["value": "fresh"], on: .stdin)
        let result = try client.outputs(of: id).first { $0.type == "execute_result" }
        #expect(result?.content["data"] == ["text/plain": "fresh"])
    }

    @Test func aCellMayNotAskWhereInputIsRefused() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let reply = try client.execute("ask anyone", ["allow_stdin": false]).reply
        #expect(reply.content["ename"] == "no-input")
        #expect(client.receiveFrames(on: .stdin, seconds: 0) == nil)
    }

    @Test func anInterruptEndsTheWaiting() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.sendCell("ask anyone")
        _ = try client.receive(on: .stdin)
        client.send("interrupt_request", on: .control)
        #expect(try client.reply(to: id).content["ename"] == "Interrupted")
    }
}
