import JSON

/// One message of the protocol as it arrived.
struct Message: Sendable {
    /// The return address: a router's identity frames.
    var identities: [[UInt8]]
    var header: Header
    var parent: JSON
    var metadata: JSON
    var content: JSON
    var buffers: [[UInt8]]

    /// Who sent which message. Unknown fields are kept, missing ones tolerated.
    struct Header: Sendable {
        var id: String
        var type: String
        /// The subshell that is to handle it; nil for the main one.
        var subshell: String?
        /// As it came: replies and outputs carry it as their parent, byte for byte.
        var bytes: [UInt8]
    }
}

/// What an outgoing message answers.
struct Parent: Sendable {
    /// The message's id; empty when the kernel speaks for itself.
    var id: String
    var header: [UInt8]
    /// Where a reply goes.
    var identities: [[UInt8]]

    init(_ message: Message) {
        id = message.header.id
        header = message.header.bytes
        identities = message.identities
    }

    private init() {
        id = ""
        header = Array("{}".utf8)
        identities = []
    }

    static let none = Parent()
}

/// The names that the protocol gives its messages.
enum MessageType {
    static let status = "status"
    static let stream = "stream"
    static let displayData = "display_data"
    static let updateDisplayData = "update_display_data"
    static let executeInput = "execute_input"
    static let executeResult = "execute_result"
    static let error = "error"
    static let clearOutput = "clear_output"
    static let welcome = "iopub_welcome"
    static let inputRequest = "input_request"
    static let inputReply = "input_reply"
    static let commOpen = "comm_open"
    static let commMessage = "comm_msg"
    static let commClose = "comm_close"

    /// `execute_request` to `execute_reply`.
    static func reply(to request: String) -> String {
        request.hasSuffix("_request")
            ? String(request.dropLast("_request".count)) + "_reply" : request + "_reply"
    }
}
