import Display
import System

/// Text of one cell's stream that waits for more.
struct StreamBuffer: Sendable {
    private var text = ""
    private var stream = OutputStream.standardOutput
    private var parent = Parent.none
    /// When it has waited long enough, in monotonic milliseconds.
    private(set) var due: Int?

    var isEmpty: Bool { due == nil }
    var count: Int { text.utf8.count }

    /// Whether more of this kind may be added.
    func continues(_ stream: OutputStream, _ parent: Parent) -> Bool {
        isEmpty || stream == self.stream && parent.id == self.parent.id
    }

    mutating func append(_ more: String, to stream: OutputStream, for parent: Parent) {
        if isEmpty {
            self.stream = stream
            self.parent = parent
            due = monotonicMilliseconds() + Publisher.streamDelay
        }
        text += more
    }

    mutating func take() -> (OutputStream, String, Parent)? {
        guard !isEmpty else { return nil }
        defer {
            text = ""
            due = nil
        }
        return (stream, text, parent)
    }
}
