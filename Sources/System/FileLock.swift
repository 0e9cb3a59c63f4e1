#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock on a file that one process has at a time; the system lets go of it however the process ends.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Makes the file where there is none.
    ///
    /// - Returns: nil when another one has it.
    /// - Throws: `cannot-write` with what the system said.
    package init?(_ path: String) throws {
        // Whoever only looks has it for a moment, and whoever removes it may have come between.
        for _ in 0..<20 {
            let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard opened >= 0 else { throw cannotWrite(path, because: errno) }
            if isLocked(opened), isSame(opened, path) {
                descriptor = opened
                return
            }
            close(opened)
            usleep(2000)
        }
        return nil
    }

    deinit { close(descriptor) }

    /// Whether a living process has it.
    package static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
