import JSON
import Jupyter
import Testing

@Suite struct CommTests {
    @Test func anOpenCommCarriesBuffersBothWays() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let buffers: [[UInt8]] = [[0, 255, 1], []]
        let open: JSON = ["comm_id": "c1", "target_name": "lorikeet.echo", "data": ["hello": 1]]
        let opened = try client.outputs(of: client.send("comm_open", open, buffers: buffers))
        #expect(opened.map(\.type) == ["status", "comm_msg", "status"])
        #expect(opened[1].content == ["comm_id": "c1", "data": ["hello": 1]])
        #expect(opened[1].buffers == buffers)
        let message: JSON = ["comm_id": "c1", "data": ["more": 2]]
        let echoed = try client.outputs(of: client.send("comm_msg", message, buffers: [[7]]))
        #expect(echoed[1].content["data"] == ["more": 2])
        #expect(echoed[1].buffers == [[7]])
    }

    @Test func commInfoListsWhatIsOpen() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        client.send("comm_open", ["comm_id": "c1", "target_name": "lorikeet.echo", "data": [:]])
        let all = try client.ask("comm_info_request").content
        #expect(all["comms"] == ["c1": ["target_name": "lorikeet.echo"]])
        let none = try client.ask("comm_info_request", ["target_name": "other"]).content
        #expect(none["comms"] == [:])
        client.send("comm_close", ["comm_id": "c1", "data": [:]])
        #expect(try client.ask("comm_info_request").content["comms"] == [:])
    }

    @Test func anUnknownTargetIsClosedAtOnce() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.send("comm_open", ["comm_id": "c9", "target_name": "nobody", "data": [:]])
        let outputs = try client.outputs(of: id)
        #expect(outputs.map(\.type) == ["status", "comm_close", "status"])
        #expect(outputs[1].content["comm_id"] == "c9")
        #expect(try client.ask("comm_info_request").content["comms"] == [:])
    }

    @Test func messagesToAClosedCommAreIgnored() throws {
        let kernel = try RunningKernel()
        let client = try kernel.client()
        let id = client.send("comm_msg", ["comm_id": "gone", "data": [:]])
        #expect(try client.outputs(of: id).map(\.type) == ["status", "status"])
    }
}
