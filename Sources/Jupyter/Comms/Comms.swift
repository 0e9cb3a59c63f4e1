import JSON
import Synchronization

/// The comms that are open, and the targets that new ones may name.
final class Comms: Sendable {
    private let publisher: Publisher
    private let targets: [String: CommTarget]
    private let comms = Mutex<[String: Comm]>([:])

    init(publisher: Publisher, targets: [CommTarget]) {
        self.publisher = publisher
        self.targets = Dictionary(targets.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Those of one target, or all.
    func open(of target: String?) -> [Comm] {
        comms.withLock { comms in
            comms.values.filter { target == nil || $0.target == target }.sorted { $0.id < $1.id }
        }
    }

    func open(_ message: CommMessage, target name: String, for parent: Parent) {
        guard name != Transcripts.target else {
            let since = message.data["since"]?.number ?? .infinity
            publisher.recall(since: since, closing: message.id, for: parent)
            return
        }
        guard let target = targets[name] else {
            publisher.publish(
                MessageType.commClose, ["comm_id": .string(message.id), "data": [:]], for: parent)
            return
        }
        let comm = Comm(id: message.id, target: name, publisher: publisher)
        comms.withLock { $0[comm.id] = comm }
        answer(message, of: target, on: comm, for: parent)
    }

    /// A message to a comm that is not open is ignored, as the protocol wants.
    func receive(_ message: CommMessage, for parent: Parent) {
        guard let comm = comms.withLock({ $0[message.id] }), let target = targets[comm.target] else { return }
        answer(message, of: target, on: comm, for: parent)
    }

    func close(_ message: CommMessage) {
        comms.withLock { _ = $0.removeValue(forKey: message.id) }
    }

    private func answer(_ message: CommMessage, of target: CommTarget, on comm: Comm, for parent: Parent) {
        guard let reply = target.receive(message) else { return }
        comm.send(reply.data, buffers: reply.buffers, for: parent)
    }
}
