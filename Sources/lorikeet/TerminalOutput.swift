import Diagnostics
import Display
import Foundation
import Synchronization

/// Shows outputs on a terminal as text; what is updated in place stays on its line.
final class TerminalOutput: Output {
    private struct State {
        /// What may still be updated and is not yet left behind.
        var live: (id: String, bundle: MimeBundle)?
    }

    private let state = Mutex(State())
    private let file: FileHandle
    private let failed = Atomic<Bool>(false)
    private let isTerminal: Bool
    /// A dumb terminal gets lines of text, one below the other; a file what was last shown.
    let updatesInPlace: Bool
    let showsTextAsItComes: Bool
    /// Whether displays are shown; streams always are.
    private let showsDisplays: Bool

    init(_ file: FileHandle, showsDisplays: Bool = true) {
        self.file = file
        self.showsDisplays = showsDisplays
        isTerminal = Self.takesCodes(file.fileDescriptor)
        updatesInPlace = isTerminal || isatty(file.fileDescriptor) != 1
        showsTextAsItComes = showsDisplays && isatty(file.fileDescriptor) == 1
    }

    /// Whether a terminal is there that knows codes for colours and for the beginning of a line.
    static func takesCodes(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    func display(_ bundle: MimeBundle, id: String?) {
        guard showsDisplays else { return }
        state.withLock { state in
            leave(&state)
            guard let id else { return put(bundle.plain(wrappedTo: columns) + "\n") }
            state.live = (id, bundle)
            if isTerminal { put(clipped(bundle.plain)) }
        }
    }

    func update(_ bundle: MimeBundle, id: String) {
        guard showsDisplays else { return }
        state.withLock { state in
            // Something was said meanwhile, below which it goes on.
            if state.live?.id != id { leave(&state) }
            state.live = (id, bundle)
            if isTerminal { put("\r\u{1B}[K" + clipped(bundle.plain)) }
        }
    }

    func write(_ text: String, to stream: Display.OutputStream) {
        state.withLock { state in
            // What is said beside work that goes on stands above the line that shows it.
            let isBeside = state.live?.bundle.isUnderWay == true && text.hasSuffix("\n")
            if !isBeside { leave(&state) } else if isTerminal { put("\r\u{1B}[K") }
            if stream == .standardError {
                write(Data(text.utf8), to: .standardError)
            } else {
                put(text)
            }
            if isBeside, isTerminal, let live = state.live { put(clipped(live.bundle.plain)) }
        }
    }

    func clear(wait: Bool) {}

    func page(_ bundle: MimeBundle) { display(bundle, id: nil) }

    func input(prompt: String, isPassword: Bool) throws -> String {
        state.withLock { leave(&$0) }
        state.withLock { _ in put(prompt) }
        let isSilent = isPassword && isatty(STDIN_FILENO) == 1
        if isSilent { setEcho(false) }
        defer {
            if isSilent {
                setEcho(true)
                put("\n")
            }
        }
        guard let line = readLine() else {
            throw Diagnostic(
                "no-input", "there is nobody to answer", hint: "set the variable with name=value")
        }
        return line
    }

    /// Leaves what was being updated as it last was.
    func flush() { state.withLock { leave(&$0) } }

    private func leave(_ state: inout State) {
        guard let live = state.live else { return }
        state.live = nil
        let text = live.bundle.plain(wrappedTo: columns)
        // What has gone leaves no line.
        put((isTerminal ? "\r\u{1B}[K" : "") + (text.isEmpty ? "" : text + "\n"))
    }

    /// Whether something could not be written, to a full disk say; the run's status tells of it.
    var hasFailed: Bool { failed.load(ordering: .relaxed) }

    private func put(_ text: String) { write(Data(text.utf8), to: file) }

    /// Writes as it is. A closed pipe ends the process by itself; other failures are kept in mind.
    func write(_ bytes: Data, to file: FileHandle) {
        do {
            try file.write(contentsOf: bytes)
        } catch {
            failed.store(true, ordering: .relaxed)
        }
    }

    /// The terminal's width; what goes elsewhere is as wide as most terminals are.
    var columns: Int {
        var size = winsize()
        let isKnown = ioctl(file.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return isKnown ? Int(size.ws_col) : 80
    }

    private func clipped(_ text: String) -> String {
        (text.split(separator: "\n").first.map(String.init) ?? "").clipped(to: columns - 1)
    }

    private func setEcho(_ isOn: Bool) {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return }
        settings.c_lflag = isOn ? settings.c_lflag | tcflag_t(ECHO) : settings.c_lflag & ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }
}
