import Diagnostics
import Logging

/// What the handlers share: the interpreter, the channels and the books that are kept.
final class Kernel: Sendable {
    let interpreter: any Interpreter
    let codec: Codec
    let publisher: Publisher
    let desk: InputDesk
    let shell: Channel
    let subshells: Subshells
    let comms: Comms
    let history: HistoryStore
    let executions = Executions()
    let options: ServerOptions
    let connection: ConnectionFile
    let logger: Logger
    let assistant = Assistant()
    private let drops: DropLog
    private let stop: @Sendable (Departure) -> Void

    init(
        interpreter: any Interpreter, codec: Codec, channels: Channels, connection: ConnectionFile,
        options: ServerOptions, logger: Logger, stop: @escaping @Sendable (Departure) -> Void
    ) {
        self.interpreter = interpreter
        self.codec = codec
        self.options = options
        self.connection = connection
        self.logger = logger
        self.stop = stop
        shell = channels.shell
        publisher = Publisher(channels.iopub, codec, now: options.now)
        desk = InputDesk(channels.stdin, codec)
        history = HistoryStore(path: options.historyPath, logger: logger)
        subshells = Subshells(history: history)
        comms = Comms(publisher: publisher, targets: options.commTargets)
        drops = DropLog(logger)
    }

    /// Every cell that runs or asks for input stops soon, and keeps what it reached.
    func interrupt() {
        executions.interruptAll()
        desk.cancelAll()
    }

    /// Ends the server once the calling request is answered.
    func leave(_ departure: Departure) { stop(departure) }

    // MARK: - Reading

    /// What arrives on shell or control; a message that cannot be handled is dropped.
    func receive(_ frames: [[UInt8]], on channel: Channel, handlers: [String: RequestHandler]) {
        do {
            let message = try codec.decode(frames)
            guard let handler = handlers[message.header.type] else {
                throw Diagnostic("unknown-message", "no handler for \(message.header.type.debugDescription)")
            }
            dispatch(message, to: handler, from: channel)
        } catch {
            drops.note(error, on: channel.name)
        }
    }

    func receiveInput(_ frames: [[UInt8]], on channel: Channel) {
        do {
            desk.receive(try codec.decode(frames))
        } catch {
            drops.note(error, on: channel.name)
        }
    }

    private func dispatch(_ message: Message, to handler: RequestHandler, from channel: Channel) {
        let subshell = subshells.find(message.header.subshell)
        let request = Request(
            message: message, kernel: self, subshell: subshell ?? subshells.main, channel: channel)
        guard let subshell else {
            request.refuse(
                ErrorReply(
                    name: "unknown-subshell", value: "there is no subshell \(message.header.subshell ?? "")",
                    executionCount: handler.runsCell ? 0 : nil))
            return
        }
        switch handler.place {
        case .atOnce: request.answer(with: handler)
        case .beside: assistant.enqueue(request, handler)
        case .inTurn:
            if !subshell.enqueue(handler, message, from: channel) {
                request.refuse(Abortion.error(count: subshell.executionCount))
            }
        }
    }
}

/// Why the server ended.
package enum Departure: Sendable, Equatable {
    case shutdown(restart: Bool)
    /// Its parent process has gone.
    case orphaned
    /// SIGTERM or its like.
    case signalled(Int32)
}
