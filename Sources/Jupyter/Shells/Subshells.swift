import Synchronization

/// The main subshell and those that front ends made beside it.
final class Subshells: Sendable {
    let main: Subshell
    private let history: HistoryStore
    private let others = Mutex<[Subshell]>([])

    init(history: HistoryStore) {
        self.history = history
        main = Subshell(id: nil, history: HistorySession())
    }

    var identifiers: [String] { others.withLock { $0.compactMap(\.id) } }

    /// nil names the main one; an unknown id finds nothing.
    func find(_ id: String?) -> Subshell? {
        guard let id else { return main }
        return others.withLock { $0.first { $0.id == id } }
    }

    func create(for kernel: Kernel) -> String {
        let id = randomIdentifier()
        let subshell = Subshell(id: id, history: HistorySession())
        others.withLock { $0.append(subshell) }
        subshell.start(for: kernel)
        return id
    }

    /// False when there is none of that id.
    func delete(_ id: String) -> Bool {
        let found = others.withLock { others -> Subshell? in
            guard let index = others.firstIndex(where: { $0.id == id }) else { return nil }
            return others.remove(at: index)
        }
        found?.close()
        return found != nil
    }
}
