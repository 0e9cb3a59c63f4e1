import Diagnostics
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

    /// More than any front end needs, and fewer than threads can run out.
    static let limit = 64

    func create(for kernel: Kernel) throws -> String {
        let id = randomIdentifier()
        let subshell = Subshell(id: id, history: HistorySession())
        try others.withLock { others in
            guard others.count < Self.limit else {
                throw Diagnostic(
                    "too-many-subshells", "there are \(Self.limit) subshells, which is all there can be")
            }
            others.append(subshell)
        }
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
