import JSON

/// What one cell has shown, as a page that has just been loaded would have to be shown it.
///
/// An update replaces what it updates and text is joined, so that a transcript is as large as the
/// cell's output and not as long as its run.
struct Transcript: Sendable {
    /// The cell's id in its notebook.
    let cell: String
    let code: String
    let executionCount: Int
    let parent: Parent
    /// When the cell ended, in seconds since 1970; nil while it runs.
    var ended: Double?
    /// Bytes of the code and of the outputs, and a little for each transcript: cells without output count too.
    var size: Int { 256 + code.utf8.count + outputSize }
    private var outputSize = 0
    private var outputs: [Output] = []
    private var isClearedByNext = false

    private enum Output: Sendable {
        case stream(name: JSON, text: String)
        case message(type: String, content: JSON, display: String?)
    }

    init(cell: String, code: String, executionCount: Int, parent: Parent) {
        self.cell = cell
        self.code = code
        self.executionCount = executionCount
        self.parent = parent
    }

    /// Takes down a message that is being published for this cell.
    mutating func note(_ type: String, _ content: JSON) {
        switch type {
        case MessageType.stream: append(content["text"]?.string ?? "", to: content["name"] ?? .null)
        case MessageType.displayData, MessageType.executeResult, MessageType.error:
            append(.message(type: type, content: content, display: displayID(content)))
        case MessageType.clearOutput:
            if content["wait"]?.bool ?? false { isClearedByNext = true } else { clear() }
        default: break
        }
    }

    /// A display gets new content, whichever cell that comes from.
    mutating func update(_ display: String, _ content: JSON) {
        for case (let index, .message(let type, let old, let id)) in zip(outputs.indices, outputs)
        where id == display {
            outputs[index] = .message(type: type, content: content, display: display)
            outputSize += content.approximateSize - old.approximateSize
        }
    }

    /// For a front end: whose cell it was, and the messages that lead to what it shows.
    func described() -> JSON {
        var messages = outputs.map { output -> JSON in
            switch output {
            case .stream(let name, let text):
                ["msg_type": .string(MessageType.stream), "content": ["name": name, "text": .string(text)]]
            case .message(let type, let content, _): ["msg_type": .string(type), "content": content]
            }
        }
        if isClearedByNext {
            messages.append(["msg_type": .string(MessageType.clearOutput), "content": ["wait": true]])
        }
        return [
            "cell_id": .string(cell), "code": .string(code), "execution_count": .integer(executionCount),
            "msg_id": .string(parent.id), "ended": .bool(ended != nil), "messages": .array(messages),
        ]
    }

    private mutating func append(_ text: String, to name: JSON) {
        if !isClearedByNext, case .stream(name, var joined)? = outputs.last {
            // Out of the array first: text held twice would be copied whole for every line.
            outputs.removeLast()
            joined += text
            outputs.append(.stream(name: name, text: joined))
            outputSize += text.utf8.count
        } else {
            append(.stream(name: name, text: text))
        }
    }

    private mutating func append(_ output: Output) {
        if isClearedByNext { clear() }
        outputs.append(output)
        switch output {
        case .stream(_, let text): outputSize += text.utf8.count
        case .message(_, let content, _): outputSize += content.approximateSize
        }
    }

    private mutating func clear() {
        outputs = []
        outputSize = 0
        isClearedByNext = false
    }
}

/// The id under which a display can be updated.
func displayID(_ content: JSON) -> String? { content["transient"]?["display_id"]?.string }
