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
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw cannotWrite(path, because: errno) }
        guard isLocked(descriptor) else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// Whether a living process has it.
    package static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return !isLocked(descriptor)
    }
}
