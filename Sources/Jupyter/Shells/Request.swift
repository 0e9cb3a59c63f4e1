import Diagnostics
import Display
import JSON

/// A message that is being answered, with all that an answer may need.
struct Request: Sendable {
    let message: Message
    let kernel: Kernel
    let subshell: Subshell
    /// Where it came from, and where the reply goes.
    let channel: Channel
    let parent: Parent
    /// Stops the cell that the request runs.
    let interruption = Interruption()

    init(message: Message, kernel: Kernel, subshell: Subshell, channel: Channel) {
        self.message = message
        self.kernel = kernel
        self.subshell = subshell
        self.channel = channel
        parent = Parent(message)
    }

    var content: JSON { message.content }

    /// Busy, the handler's work, its outputs, the reply, idle.
    func answer(with handler: RequestHandler) {
        guard handler.runsCell else { return perform(handler) }
        kernel.executions.run(interruption) { perform(handler) }
    }

    private func perform(_ handler: RequestHandler) {
        kernel.publisher.busy(parent, runsCell: handler.runsCell)
        var answer: Answer
        do {
            answer = try handler.answer(self)
        } catch {
            answer = Answer(ErrorReply(error).content)
        }
        kernel.publisher.flush(parent)
        reply(answer)
        kernel.publisher.idle(parent)
        answer.afterwards?()
    }

    /// An error instead of an answer, for a request that is not handled.
    func refuse(_ error: ErrorReply) {
        kernel.publisher.busy(parent, runsCell: false)
        reply(Answer(error.content))
        kernel.publisher.idle(parent)
    }

    private func reply(_ answer: Answer) {
        guard let content = answer.content else { return }
        channel.send(
            kernel.codec.encode(
                MessageType.reply(to: message.header.type), content, metadata: answer.metadata,
                parent: parent,
                address: message.identities))
    }
}

/// What a handler gives back.
struct Answer {
    /// Of the reply; nil sends none.
    var content: JSON?
    var metadata: JSON = [:]
    /// What is done when the client has its reply and knows that we are idle.
    var afterwards: (() -> Void)?

    init(_ content: JSON?, metadata: JSON = [:], afterwards: (() -> Void)? = nil) {
        self.content = content
        self.metadata = metadata
        self.afterwards = afterwards
    }

    static var none: Answer { Answer(nil) }
}

/// How one type of request is answered; `MessageRegistry` lists them all.
struct RequestHandler: Sendable {
    let type: String
    let place: Place
    let runsCell: Bool
    let answer: @Sendable (Request) throws -> Answer

    enum Place: Sendable {
        /// On the thread that reads the socket, also while a cell runs: it must not take long.
        case atOnce
        /// In the request's subshell, after what came before it.
        case inTurn
        /// After what came before it, but beside a cell that runs long: what only looks need not wait.
        case beside
    }

    init(
        _ type: String, _ place: Place, runsCell: Bool = false,
        answer: @escaping @Sendable (Request) throws -> Answer
    ) {
        self.type = type
        self.place = place
        self.runsCell = runsCell
        self.answer = answer
    }
}

/// The content of a reply that reports an error.
struct ErrorReply: Sendable {
    var name: String
    var value: String
    var traceback: [String] = []
    var executionCount: Int?

    var content: JSON {
        var content: JSONObject = [
            "status": "error", "ename": .string(name), "evalue": .string(value),
            "traceback": .array(traceback.map { .string($0) }),
        ]
        content["execution_count"] = executionCount.map { .integer($0) }
        return .object(content)
    }

    init(name: String, value: String, traceback: [String] = [], executionCount: Int? = nil) {
        self.name = name
        self.value = value
        self.traceback = traceback
        self.executionCount = executionCount
    }

    init(_ failure: CellFailure, executionCount: Int? = nil) {
        self.init(
            name: failure.name, value: failure.value, traceback: failure.traceback,
            executionCount: executionCount)
    }

    init(_ error: any Error) {
        if let diagnostic = error as? Diagnostic {
            self.init(CellFailure(diagnostic))
        } else {
            self.init(name: "\(type(of: error))", value: "\(error)")
        }
    }
}
