import Display
import System

/// Holds back updates of a display that follow one another too fast; the last one is never lost.
struct UpdateThrottle: Sendable {
    struct Update: Sendable {
        var id: String
        var bundle: MimeBundle
        var parent: Parent
    }

    /// Milliseconds between two updates of one display.
    let interval: Int
    private var displays: [String: Display] = [:]

    private struct Display: Sendable {
        var sent: Int
        var waiting: Update?
    }

    init(interval: Int) {
        self.interval = interval
    }

    /// When the next held update is due, in monotonic milliseconds.
    var due: Int? {
        displays.values.lazy.filter { $0.waiting != nil }.map { $0.sent + interval }.min()
    }

    /// True when the update may go now; otherwise it waits, in place of an older one.
    mutating func admit(_ update: Update, at now: Int) -> Bool {
        if let display = displays[update.id], display.waiting != nil || now - display.sent < interval {
            displays[update.id]?.waiting = update
            return false
        }
        note(update.id, at: now)
        return true
    }

    /// A new display under the id: what waited must go before it.
    mutating func supersede(_ id: String, at now: Int) -> Update? {
        let waiting = displays[id]?.waiting
        note(id, at: now)
        return waiting
    }

    mutating func takeDue(at now: Int) -> [Update] {
        let interval = interval
        return take { $0.sent + interval <= now }
    }

    /// What still waits of one request.
    mutating func takeAll(of request: String) -> [Update] {
        take { $0.waiting?.parent.id == request }
    }

    private mutating func take(where isWanted: (Display) -> Bool) -> [Update] {
        var taken: [Update] = []
        for (id, display) in displays {
            guard let update = display.waiting, isWanted(display) else { continue }
            displays[id] = Display(sent: monotonicMilliseconds(), waiting: nil)
            taken.append(update)
        }
        return taken
    }

    private mutating func note(_ id: String, at now: Int) {
        if displays.count > 256 {
            displays = displays.filter { $0.value.waiting != nil || now - $0.value.sent < interval }
        }
        displays[id] = Display(sent: now, waiting: nil)
    }
}
