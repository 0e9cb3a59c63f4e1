import Diagnostics
import JSON

/// One end of a comm: an open line between a front end and the kernel.
package struct Comm: Sendable {
    package let id: String
    package let target: String
    let publisher: Publisher

    /// Sends to the front ends.
    ///
    /// - `parent`: the message that this answers.
    func send(_ data: JSON, metadata: JSON = [:], buffers: [[UInt8]] = [], for parent: Parent = .none) {
        publisher.publish(
            MessageType.commMessage, ["comm_id": .string(id), "data": data], metadata: metadata,
            buffers: buffers, for: parent)
    }
}

/// comm_open, comm_msg or comm_close as it arrived.
package struct CommMessage: Sendable {
    package var id: String
    package var data: JSON
    package var metadata: JSON
    package var buffers: [[UInt8]]

    init(_ message: Message) throws {
        guard let id = message.content["comm_id"]?.string, !id.isEmpty else {
            throw Diagnostic("bad-request", "\(message.header.type) has no comm_id")
        }
        self.id = id
        data = message.content["data"] ?? [:]
        metadata = message.metadata
        buffers = message.buffers
    }
}

/// What a front end may open a comm to.
package struct CommTarget: Sendable {
    let name: String
    /// Called for the opening message and for every later one; it returns what to send back.
    let receive: @Sendable (CommMessage) -> Reply?

    package struct Reply: Sendable {
        var data: JSON
        var buffers: [[UInt8]]

        package init(data: JSON, buffers: [[UInt8]] = []) {
            self.data = data
            self.buffers = buffers
        }
    }

    package init(_ name: String, receive: @escaping @Sendable (CommMessage) -> Reply?) {
        self.name = name
        self.receive = receive
    }

    /// Sends back what it is sent, buffers included: how an extension checks that its line is open.
    package static let echo = CommTarget("lorikeet.echo") { Reply(data: $0.data, buffers: $0.buffers) }
}
