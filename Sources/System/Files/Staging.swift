import Diagnostics
import Foundation
import Synchronization

/// A file or folder beside its target, in which something is written before it takes the target's place.
///
/// It is locked as long as its writer lives: the system lets go of the lock however the process ends. So what
/// lies there unlocked was left behind, and goes when somebody writes in the same folder again.
package final class Staging: Sendable {
    package let path: String
    /// A file's is open for writing; a folder's only holds the lock.
    package let descriptor: Int32
    private let area: StagingArea

    package enum Kind: Sendable { case file, folder }

    /// - `mode`: who may read a file, as `chmod` counts.
    /// - Throws: `cannot-write` with what the system said.
    package init(
        _ kind: Kind, beside target: String, mode: mode_t = 0o644, in area: StagingArea = .process
    ) throws {
        let place = URL(filePath: target).standardizedFileURL
        let folder = place.deletingLastPathComponent()
        Leftovers(folder: folder.path).remove()
        self.area = area
        while true {
            let path = folder.appending(path: StagingName.fresh(for: place.lastPathComponent)).path
            let descriptor = kind.make(path, mode)
            guard descriptor >= 0 else {
                if errno == EEXIST { continue }
                throw cannotWrite(target, because: errno)
            }
            // Whoever clears up may have come between the making and the locking.
            if isLocked(descriptor), isSame(descriptor, path) {
                self.path = path
                self.descriptor = descriptor
                break
            }
            close(descriptor)
        }
        area.add(path)
    }

    deinit { close(descriptor) }

    /// Gives what was written its place; not once the process is about to end.
    package func publish(_ rename: () throws -> Void) throws { try area.whileOpen(rename) }

    /// Removes what lies here: what was not published, or what stood in its place before.
    package func discard() {
        try? FileManager.default.removeItem(atPath: path)
        area.forget(path)
    }
}

extension Staging.Kind {
    /// A descriptor of what was made, or -1 with `errno`.
    fileprivate func make(_ path: String, _ mode: mode_t) -> Int32 {
        switch self {
        case .file: return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        case .folder:
            guard mkdir(path, 0o755) == 0 else { return -1 }
            let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            // Whoever clears up took it for left behind: another name, as where one is taken.
            if descriptor < 0, errno == ENOENT { errno = EEXIST }
            return descriptor
        }
    }
}

/// What this process is writing.
package final class StagingArea: Sendable {
    package static let process = StagingArea()

    private struct State: Sendable {
        var paths: Set<String> = []
        var isClosed = false
    }
    private let state = Mutex(State())
    private let now: @Sendable () -> ContinuousClock.Instant
    private let pause: @Sendable () -> Void

    /// - `pause`: between two looks at whether writers have ended.
    package init(
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        pause: @escaping @Sendable () -> Void = { usleep(5000) }
    ) {
        self.now = now
        self.pause = pause
    }

    /// Gives running writers so many seconds to end, then removes what they have not published; before the
    /// process ends.
    package func close(within seconds: Double) {
        let limit = now() + .seconds(seconds)
        while !state.withLock({ $0.paths.isEmpty }), now() < limit { pause() }
        state.withLock { state in
            state.isClosed = true
            for path in state.paths { try? FileManager.default.removeItem(atPath: path) }
        }
    }

    fileprivate func add(_ path: String) { state.withLock { _ = $0.paths.insert(path) } }

    fileprivate func forget(_ path: String) { state.withLock { _ = $0.paths.remove(path) } }

    fileprivate func whileOpen(_ body: () throws -> Void) throws {
        try state.withLock { state in
            guard !state.isClosed else {
                throw Diagnostic("stopped", "the process ends before this was written")
            }
            try body()
        }
    }
}
