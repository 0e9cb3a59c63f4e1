import Diagnostics
import Display
import JSON
import Synchronization

/// The output of one running cell; cut off, with a notice, beyond `limit` bytes.
final class CellOutput: Output {
    private let parent: Parent
    private let publisher: Publisher
    private let desk: InputDesk
    private let options: Options
    private let state = Mutex(State())

    struct Options: Sendable {
        var isSilent = false
        var allowsInput = false
        var updatesInPlace = true
        /// Where lines end; most front ends wrap them as they have room.
        var columns = Int.max
        /// Bytes of text and displays; updates replace one another and are not counted.
        var limit: Int
    }

    private struct State: Sendable {
        var spent = 0
        var isCut = false
        var payload: [JSON] = []
    }

    init(for parent: Parent, on publisher: Publisher, asking desk: InputDesk, _ options: Options) {
        self.parent = parent
        self.publisher = publisher
        self.desk = desk
        self.options = options
    }

    var updatesInPlace: Bool { options.updatesInPlace }

    var columns: Int { options.columns }

    /// The pages for the reply.
    var payload: [JSON] { state.withLock { $0.payload } }

    func display(_ bundle: MimeBundle, id: String?) {
        guard admits(bundle.approximateSize) else { return }
        publisher.display(bundle.wrapped(to: columns), id: id, for: parent)
    }

    func update(_ bundle: MimeBundle, id: String) {
        guard !options.isSilent else { return }
        publisher.update(bundle.wrapped(to: columns), id: id, for: parent)
    }

    func write(_ text: String, to stream: OutputStream) {
        guard !text.isEmpty else { return }
        let room = state.withLock { options.limit - $0.spent }
        let shown = text.utf8.count > room ? text.prefix(bytes: max(0, room)) : text
        guard admits(text.utf8.count, first: { self.publisher.write(shown, to: stream, for: self.parent) })
        else {
            return
        }
        publisher.write(text, to: stream, for: parent)
    }

    func clear(wait: Bool) {
        guard !options.isSilent else { return }
        publisher.publish(MessageType.clearOutput, ["wait": .bool(wait)], for: parent)
    }

    func page(_ bundle: MimeBundle) {
        state.withLock { $0.payload.append(["source": "page", "data": .object(bundle.data), "start": 0]) }
    }

    func input(prompt: String, isPassword: Bool) throws -> String {
        guard options.allowsInput else {
            throw Diagnostic(
                "no-input", "the front end does not let this cell ask for input",
                hint: "set the value in the notebook instead")
        }
        publisher.flush(parent)
        return try desk.ask(prompt, isPassword: isPassword, for: parent)
    }

    /// Counts what is about to be sent; says once that the limit is reached.
    ///
    /// - `first`: shows what still fits, before the notice.
    private func admits(_ size: Int, first: () -> Void = {}) -> Bool {
        guard !options.isSilent else { return false }
        let (admits, cutsNow) = state.withLock { state in
            guard !state.isCut else { return (false, false) }
            state.spent += size
            state.isCut = state.spent > options.limit
            return (!state.isCut, state.isCut)
        }
        if cutsNow {
            first()
            let limit = options.limit >= 1 << 20 ? "\(options.limit >> 20) MiB" : "\(options.limit) bytes"
            publisher.write(
                "\n[the rest of this cell's output is left out: it passed \(limit)]\n", to: .standardError,
                for: parent)
        }
        return admits
    }
}

extension String {
    /// As much of the beginning as fits into so many bytes; a scalar is never split.
    fileprivate func prefix(bytes limit: Int) -> String {
        var end = utf8.index(startIndex, offsetBy: limit, limitedBy: endIndex) ?? endIndex
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
