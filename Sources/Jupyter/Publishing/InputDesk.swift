import Diagnostics
import JSON
import System

/// The stdin side: asks the person at the front end whose cell is running.
final class InputDesk: Sendable {
    private let channel: Channel
    private let codec: Codec
    private let questions = Monitor<[Question]>([])

    private struct Question: Sendable {
        /// The id of our input_request, which a careful client names as the parent of its answer.
        var id: String
        var identities: [[UInt8]]
        var answer: String?
        var isCancelled = false
    }

    init(_ channel: Channel, _ codec: Codec) {
        self.channel = channel
        self.codec = codec
    }

    /// Waits for the answer.
    ///
    /// - Throws: `Interrupted` after `cancelAll`.
    func ask(_ prompt: String, isPassword: Bool, for parent: Parent) throws -> String {
        let id = codec.nextIdentifier()
        questions.change { $0.append(Question(id: id, identities: parent.identities)) }
        defer { questions.change { $0.removeAll { $0.id == id } } }
        let frames = codec.encode(
            MessageType.inputRequest, ["prompt": .string(prompt), "password": .bool(isPassword)], id: id,
            parent: parent, address: parent.identities)
        var isSent = channel.send(frames)
        var question: Question?
        while question == nil {
            // A front end that has just started may not have connected its stdin socket yet.
            question = questions.wait(seconds: isSent ? 60 : 0.02) { questions in
                questions.first { $0.id == id && ($0.answer != nil || $0.isCancelled) }
            }
            if question == nil, !isSent { isSent = channel.send(frames) }
        }
        guard let question, let answer = question.answer, !question.isCancelled else { throw Interrupted() }
        return answer
    }

    /// An answer goes to the question it names, else to the oldest of its sender, else to the oldest.
    func receive(_ message: Message) {
        guard message.header.type == MessageType.inputReply else { return }
        let value = message.content["value"]?.string ?? ""
        let named = message.parent["msg_id"]?.string
        questions.change { questions in
            let open = questions.indices.filter { questions[$0].answer == nil }
            let index =
                open.first { questions[$0].id == named }
                ?? open.first { questions[$0].identities == message.identities } ?? open.first
            if let index { questions[index].answer = value }
        }
    }

    /// Nobody is going to answer: the cells that ask are interrupted.
    func cancelAll() {
        questions.change { questions in
            for index in questions.indices { questions[index].isCancelled = true }
        }
    }
}
