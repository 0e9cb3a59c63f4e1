import Diagnostics
import Foundation
import Synchronization

/// One running child and its three pipes; owns both, and `end` leaves neither behind.
final class SpawnedChild {
    private let identifier: pid_t
    private var inputEnd: Int32
    private var outputEnd: Int32
    private var errorEnd: Int32
    private var status: Int32?
    private var chunk = [UInt8](repeating: 0, count: 65536)

    /// A child that closes its input early must not end us.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Those that have not been waited for.
    private static let running = Mutex<Set<pid_t>>([])

    /// Stops every child that runs, in whichever thread: for the end of the process.
    static func endAll() {
        for identifier in running.withLock({ $0 }) { kill(-identifier, SIGKILL) }
    }

    init(_ process: ChildProcess) throws {
        _ = Self.brokenPipesAreErrors
        let input = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        let inherited = ProcessInfo.processInfo.environment
        let variables = (process.environment ?? inherited).map { "\($0.key)=\($0.value)" }
        let ends = [input.reading, output.writing, errors.writing]
        let outcome = spawn(
            process.executable, [process.executable] + process.arguments, variables.sorted(), ends)
        for end in ends { close(end) }
        inputEnd = input.writing
        outputEnd = output.reading
        errorEnd = errors.reading
        switch outcome {
        case .success(let started):
            identifier = started
            Self.running.withLock { _ = $0.insert(started) }
        case .failure(let failure):
            identifier = 0
            status = 127
            closeEnds()
            throw Diagnostic(
                "cannot-start", "\(process.executable) could not be started: \(failure.reason)")
        }
        for end in [inputEnd, outputEnd, errorEnd] {
            _ = fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK)
        }
    }

    /// Whether the child still holds its output or its error pipe open.
    var isTalking: Bool { outputEnd >= 0 || errorEnd >= 0 }

    /// Waits at most a tenth of a second, then moves what can be moved.
    func exchange(_ unsent: inout ArraySlice<UInt8>, _ output: inout [UInt8], _ errors: inout [UInt8]) {
        if unsent.isEmpty { shut(&inputEnd) }
        var waits = [
            pollfd(fd: inputEnd, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: outputEnd, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errorEnd, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&waits, nfds_t(waits.count), 100) > 0 else { return }
        if waits[0].revents != 0 { send(&unsent) }
        if waits[1].revents != 0 { receive(from: &outputEnd, into: &output) }
        if waits[2].revents != 0 { receive(from: &errorEnd, into: &errors) }
    }

    /// The exit status, once the child has ended.
    func wait() -> Int32 {
        if let status { return status }
        var raw: Int32 = 0
        while waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
        Self.running.withLock { _ = $0.remove(identifier) }
        let ended = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
        status = ended
        return ended
    }

    /// Stops the child and whatever it started, and closes the pipes.
    func end() {
        closeEnds()
        guard status == nil else { return }
        kill(-identifier, SIGKILL)
        kill(identifier, SIGKILL)
        _ = wait()
    }

    private func send(_ unsent: inout ArraySlice<UInt8>) {
        let written = unsent.withUnsafeBytes { write(inputEnd, $0.baseAddress, min($0.count, 65536)) }
        if written > 0 {
            unsent = unsent.dropFirst(written)
        } else if errno != EAGAIN, errno != EINTR {
            unsent = []
        }
    }

    private func receive(from end: inout Int32, into bytes: inout [UInt8]) {
        let count = chunk.withUnsafeMutableBytes { read(end, $0.baseAddress, $0.count) }
        if count > 0 {
            bytes.append(contentsOf: chunk[..<count])
        } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
            shut(&end)
        }
    }

    private func shut(_ end: inout Int32) {
        if end >= 0 { close(end) }
        end = -1
    }

    private func closeEnds() {
        shut(&inputEnd)
        shut(&outputEnd)
        shut(&errorEnd)
    }
}

private struct Pipe {
    let reading: Int32
    let writing: Int32

    /// Both ends are closed in any other child that starts meanwhile.
    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw Diagnostic("cannot-start", "no pipe could be made: \(String(cString: strerror(errno)))")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        reading = ends[0]
        writing = ends[1]
    }
}

private struct SpawnFailure: Error {
    let reason: String
}

/// Starts a program in a process group of its own, with default signals and the given standard streams.
private func spawn(
    _ executable: String, _ arguments: [String], _ variables: [String], _ streams: [Int32]
) -> Result<pid_t, SpawnFailure> {
    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
    #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
    }
    for (target, stream) in streams.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, stream, Int32(target))
    }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var argumentList = arguments.map { strdup($0) } + [nil]
    var variableList = variables.map { strdup($0) } + [nil]
    defer { for text in argumentList + variableList { free(text) } }
    var started: pid_t = 0
    let failure = posix_spawn(&started, executable, &actions, &attributes, &argumentList, &variableList)
    guard failure == 0 else { return .failure(SpawnFailure(reason: String(cString: strerror(failure)))) }
    return .success(started)
}
