/// What was published before anybody listened: kept for the first subscriber.
///
/// A front end may run a cell as soon as shell answers, while its subscription to iopub is still
/// connecting: ZeroMQ tries again only every 100 to 200 ms. What is sent meanwhile goes to nobody, and
/// the front end waits for an idle that has passed. Only the latest is kept, so that a kernel to which
/// nobody ever listens does not grow.
struct EarlyMessages: Sendable {
    /// Milliseconds after which a message is no longer news.
    static let age = 5000
    /// Bytes that may be kept.
    static let size = 1 << 20

    private var kept: [(frames: [[UInt8]], bytes: Int, time: Int)] = []
    private var bytes = 0
    /// Until the first subscription.
    private(set) var areKept = true

    mutating func keep(_ frames: [[UInt8]], at now: Int) {
        let count = frames.reduce(0) { $0 + $1.count }
        kept.append((frames, count, now))
        bytes += count
        letGo(at: now)
    }

    /// What the first subscriber has missed, oldest first; from then on nothing is kept.
    mutating func take(at now: Int) -> [[[UInt8]]] {
        letGo(at: now)
        defer {
            kept = []
            areKept = false
        }
        return kept.map(\.frames)
    }

    private mutating func letGo(at now: Int) {
        var old = 0
        while old < kept.count, bytes > Self.size || now - kept[old].time > Self.age {
            bytes -= kept[old].bytes
            old += 1
        }
        kept.removeFirst(old)
    }
}
