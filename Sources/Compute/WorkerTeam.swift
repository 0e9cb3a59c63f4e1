import Synchronization

/// The threads of a session, started when work first comes and kept while their number stays.
package final class WorkerTeam: Sendable {
    private let team = Mutex<Workers?>(nil)

    package init() {}

    /// - `count`: nil takes all cores.
    package func workers(_ count: Int?) -> Workers {
        let wanted = count ?? Workers.coreCount
        return team.withLock { team in
            if let team, team.count == wanted { return team }
            team?.close()
            let started = Workers(count: wanted)
            team = started
            return started
        }
    }
}
