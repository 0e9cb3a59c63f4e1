import Display
import JSON
import Synchronization
import System

/// The iopub side: sends outputs and states to every front end, in order.
///
/// Text is gathered for `streamDelay` or up to `streamSize`; updates of one display go out at most
/// every `updateInterval`, the latest state last. Both are flushed before a request's idle. Until the
/// first subscription nothing is sent, but kept for it.
final class Publisher: Sendable {
    static let streamDelay = 100
    static let streamSize = 64 << 10
    static let updateInterval = 100

    private let channel: Channel
    private let codec: Codec
    private let state = Mutex(State())
    /// The milliseconds by which early messages grow old.
    private let now: @Sendable () -> Int

    private struct State: Sendable {
        var stream = StreamBuffer()
        var updates = UpdateThrottle(interval: Publisher.updateInterval)
        /// The requests between their busy and their idle that run cells.
        var running: [Parent] = []
        var transcripts = Transcripts()
        var early = EarlyMessages()
        /// Whether a page with our extension is there.
        var isPageFitted = false
    }

    init(_ channel: Channel, _ codec: Codec, now: @escaping @Sendable () -> Int) {
        self.channel = channel
        self.now = now
        self.codec = codec
    }

    func start() {
        channel.start(
            timeout: { [self] in timeout() }, tick: { [self] in tick() },
            receive: { [self] frames in welcome(frames) })
    }

    // MARK: - Sending

    func publish(
        _ type: String, _ content: JSON, metadata: JSON = [:], buffers: [[UInt8]] = [], for parent: Parent
    ) {
        state.withLock { state in
            flushStream(&state)
            send(type, content, metadata: metadata, buffers: buffers, for: parent, &state)
        }
    }

    /// Text that may wait a little for more.
    func write(_ text: String, to stream: OutputStream, for parent: Parent) {
        let begins = state.withLock { state in
            if !state.stream.continues(stream, parent) { flushStream(&state) }
            let begins = state.stream.isEmpty
            state.stream.append(text, to: stream, for: parent)
            if state.stream.count >= Self.streamSize { flushStream(&state) }
            return begins
        }
        if begins { channel.wake() }
    }

    func display(_ bundle: MimeBundle, id: String?, for parent: Parent) {
        state.withLock { state in
            flushStream(&state)
            if let id {
                send(state.updates.supersede(id, at: monotonicMilliseconds()), &state)
            }
            send(MessageType.displayData, displayContent(bundle, id), for: parent, &state)
        }
    }

    func update(_ bundle: MimeBundle, id: String, for parent: Parent) {
        let waits = state.withLock { state in
            let update = UpdateThrottle.Update(id: id, bundle: bundle, parent: parent)
            guard state.updates.admit(update, at: monotonicMilliseconds()) else { return true }
            flushStream(&state)
            send(update, &state)
            return false
        }
        if waits { channel.wake() }
    }

    // MARK: - States

    func busy(_ parent: Parent, runsCell: Bool) {
        state.withLock { state in
            if runsCell { state.running.append(parent) }
            sendStatus("busy", for: parent, &state)
        }
    }

    /// Everything that the request still owes.
    func flush(_ parent: Parent) {
        state.withLock { state in
            flushStream(&state)
            for update in state.updates.takeAll(of: parent.id) { send(update, &state) }
        }
    }

    /// After it, a cell that still runs says so again: front ends show the latest state they saw.
    func idle(_ parent: Parent) {
        flush(parent)
        state.withLock { state in
            sendStatus("idle", for: parent, &state)
            state.transcripts.end(parent, at: wallClockSeconds())
            state.running.removeAll { $0.id == parent.id }
            if let running = state.running.last { sendStatus("busy", for: running, &state) }
        }
    }

    func starting() {
        state.withLock { state in sendStatus("starting", for: .none, &state) }
    }

    private func sendStatus(_ name: String, for parent: Parent, _ state: inout State) {
        send(MessageType.status, ["execution_state": .string(name)], for: parent, &state)
    }

    // MARK: - What was shown

    /// From now on what the cell shows is kept for pages that are not there to see it.
    func transcribe(_ transcript: Transcript) {
        state.withLock { $0.transcripts.begin(transcript) }
    }

    /// Tells a page what it missed, and closes the comm that it asked by.
    ///
    /// Under one lock with everything that is sent: what goes out before is in the answer, what goes out
    /// after it is not.
    func recall(since time: Double, closing comm: String, for parent: Parent) {
        state.withLock { state in
            flushStream(&state)
            state.isPageFitted = true
            let missed = state.transcripts.recalled(since: time, now: wallClockSeconds())
            send(MessageType.commClose, ["comm_id": .string(comm), "data": missed], for: parent, &state)
        }
    }

    // MARK: - Time

    /// Milliseconds until something held back is due.
    private func timeout() -> Int? {
        state.withLock { state in
            let due = [state.stream.due, state.updates.due].compactMap { $0 }.min()
            return due.map { max(0, $0 - monotonicMilliseconds()) }
        }
    }

    private func tick() {
        state.withLock { state in
            let now = monotonicMilliseconds()
            if state.stream.due.map({ $0 <= now }) ?? false { flushStream(&state) }
            for update in state.updates.takeDue(at: now) { send(update, &state) }
        }
    }

    // MARK: - Frames

    private func flushStream(_ state: inout State) {
        guard let (stream, text, parent) = state.stream.take() else { return }
        send(
            MessageType.stream, ["name": .string(stream.rawValue), "text": .string(text)], for: parent, &state
        )
    }

    private func send(_ update: UpdateThrottle.Update?, _ state: inout State) {
        guard let update else { return }
        send(
            MessageType.updateDisplayData, displayContent(update.bundle, update.id), for: update.parent,
            &state)
    }

    private func send(
        _ type: String, _ content: JSON, metadata: JSON = [:], buffers: [[UInt8]] = [], for parent: Parent,
        _ state: inout State
    ) {
        let content = state.isPageFitted ? PageFit.fitted(content) : content
        state.transcripts.note(type, content, for: parent)
        let topic = Array("kernel.\(codec.session).\(type)".utf8)
        let frames = codec.encode(
            type, content, metadata: metadata, buffers: buffers, parent: parent, address: [topic])
        if state.early.areKept {
            state.early.keep(frames, at: now())
        } else {
            channel.send(frames)
        }
    }

    /// An XPUB socket is told of subscriptions: one byte 1, then the topic. The first subscriber also
    /// gets what was published before it, in order and ahead of all that follows.
    private func welcome(_ frames: [[UInt8]]) {
        guard let first = frames.first, first.first == 1 else { return }
        let topic = Array(first.dropFirst())
        let content: JSON = ["subscription": .string(String(decoding: topic, as: UTF8.self))]
        let address = topic.isEmpty ? Array(MessageType.welcome.utf8) : topic
        state.withLock { state in
            channel.send(codec.encode(MessageType.welcome, content, parent: .none, address: [address]))
            guard state.early.areKept else { return }
            for message in state.early.take(at: now()) { channel.send(message) }
        }
    }
}

private func displayContent(_ bundle: MimeBundle, _ id: String?) -> JSON {
    [
        "data": .object(bundle.data), "metadata": .object(bundle.metadata),
        "transient": id.map { ["display_id": .string($0)] } ?? [:],
    ]
}
