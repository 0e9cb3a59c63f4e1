import JSON
import Synchronization
import Testing

@testable import Jupyter

@Suite struct EarlyMessagesTests {
    /// A kernel whose clock stands still, so that nothing grows old however long the machine takes.
    private func kernel() throws -> RunningKernel {
        var options = RunningKernel.options
        options.now = { 0 }
        return try RunningKernel(options: options)
    }

    @Test func aSubscriberThatComesAfterTheFirstCellMissesNothing() throws {
        let kernel = try kernel()
        let client = try Client(kernel.connection, listens: false)
        client.kernel = kernel
        #expect(try client.ask("kernel_info_request").status == "ok")
        let id = client.sendCell("echo hello\nvalue 1")
        #expect(try client.reply(to: id).status == "ok")
        try client.listen()
        #expect(try client.receive(on: .iopub).type == "iopub_welcome")
        #expect(try client.receive(on: .iopub).content == ["execution_state": "starting"])
        for state in ["busy", "idle"] {
            #expect(try client.receive(on: .iopub).content == ["execution_state": .string(state)])
        }
        let types = try client.outputs(of: id).map(\.type)
        #expect(types == ["status", "execute_input", "stream", "execute_result", "status"])
    }

    @Test func theFirstSubscriberHearsWhatComesWhileItConnectsInOrder() throws {
        let kernel = try kernel()
        let client = try Client(kernel.connection, listens: false)
        client.kernel = kernel
        let ids = (0..<200).map { client.sendCell("echo \($0)") }
        _ = try client.reply(to: ids[20])
        try client.listen()
        for (number, id) in ids.enumerated() {
            let outputs = try client.outputs(of: id)
            #expect(outputs.map(\.type) == ["status", "execute_input", "stream", "status"])
            #expect(outputs[2].content["text"] == .string("\(number)\n"))
        }
    }

    @Test func laterSubscribersGetNothingOld() throws {
        let kernel = try kernel()
        let first = try Client(kernel.connection, listens: false)
        first.kernel = kernel
        let old = first.sendCell("echo old")
        _ = try first.reply(to: old)
        try first.listen()
        _ = try first.outputs(of: old)
        let second = try kernel.client()
        let new = second.sendCell("echo new")
        let message = try second.receive(on: .iopub)
        #expect(message.parentID == new)
        #expect(message.content["execution_state"] == "busy")
    }

    /// The clock jumps over the age once the old cell has been answered.
    @Test func whatIsOldDoesNotReachTheFirstSubscriber() throws {
        let time = Atomic<Int>(0)
        var options = RunningKernel.options
        options.now = { time.load(ordering: .relaxed) }
        let kernel = try RunningKernel(options: options)
        let client = try Client(kernel.connection, listens: false)
        client.kernel = kernel
        // The idle of the first cell stands before the reply to the second.
        let old = client.sendCell("echo old")
        _ = try client.reply(to: old)
        _ = try client.reply(to: client.sendCell("echo between"))
        time.store(2 * EarlyMessages.age, ordering: .relaxed)
        let new = client.sendCell("echo new")
        _ = try client.reply(to: new)
        try client.listen()
        #expect(try client.receive(on: .iopub).type == "iopub_welcome")
        #expect(try client.receive(on: .iopub).parentID != old)
        _ = try client.outputs(of: new)
    }

    @Test func onlyTheLatestMebibyteIsKept() {
        var early = EarlyMessages()
        let frame = [UInt8](repeating: 0, count: EarlyMessages.size / 4)
        for number in 0..<10 { early.keep([[UInt8(number)], frame], at: 0) }
        #expect(early.take(at: 0).map { $0[0] } == [[7], [8], [9]])
        early = EarlyMessages()
        early.keep([[1], frame + frame + frame + frame], at: 0)
        #expect(early.take(at: 0).isEmpty)
    }

    @Test func whatIsNoLongerNewsIsLetGoOf() {
        var early = EarlyMessages()
        for time in [0, 1, EarlyMessages.age] { early.keep([[UInt8(clamping: time)]], at: time) }
        #expect(early.take(at: EarlyMessages.age + 1).map { $0[0] } == [[1], [255]])
        #expect(!early.areKept)
    }
}
